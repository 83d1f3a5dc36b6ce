/** Somebody who may read a restricted entry names others who then may; the record says that, not the words. */
import { emit, invalid, notFound } from '#kernel';
import { command, personRefs } from '#security';
import { incidentEdited } from '../events.ts';
import { strangers } from '../record/access.ts';
import { insistReader, sealedOf } from '../record/sealed.ts';
import { write } from '../record/write.ts';
import { lockIncident } from '../store.ts';

export interface ShareRestrictedInput {
  incidentId: string;
  seq: number;
  people: string[];
}

export const shareRestricted = command(
  'incidents.shareRestricted',
  { allow: 'responder' },
  async (ctx, input: ShareRestrictedInput): Promise<void> => {
    const incident = await lockIncident(ctx, input.incidentId);
    const row = await sealedOf(ctx, incident.id, input.seq);
    if (!row) throw notFound('Restricted entry', String(input.seq));
    await insistReader(ctx, row);
    const unknown = await strangers(ctx, input.people);
    if (unknown.length > 0)
      throw invalid('Only people with an active account can be named', 'incidents.access.person', [
        { path: 'people', message: `no active account: ${unknown.join(', ')}` },
      ]);
    const people = [...new Set([...row.people, ...input.people])];
    const added = people.filter((id) => !row.people.includes(id));
    if (added.length === 0) {
      ctx.audit.skip = true;
      return;
    }
    await ctx.db
      .updateTable('incidents.sealedEntries')
      .set({ people })
      .where('incidentId', '=', incident.id)
      .where('seq', '=', input.seq)
      .execute();
    const names = await personRefs(ctx, added);
    const who = added.map((id) => names.get(id)?.name ?? id).join(', ');
    await write(ctx, incident, { kind: 'edit', text: `Restricted entry ${input.seq} may also be read by ${who}` });
    ctx.audit.before = { seq: input.seq, people: row.people };
    ctx.audit.after = { seq: input.seq, people };
    const about = { subject: incident.id, incident: incident.id };
    await emit(ctx, incidentEdited, { incidentId: incident.id, key: incident.key }, about);
  },
);
