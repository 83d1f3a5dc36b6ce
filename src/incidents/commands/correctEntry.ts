/** Corrects an entry by a new one that points to it; the original stays as it was (M25b). */
import { command } from '#security';
import { notFound } from '#kernel';
import { checkOccurredAt } from '../lifecycle/times.ts';
import { insistReader, sealedOf } from '../record/sealed.ts';
import { refuseSecrets, write } from '../record/write.ts';
import { lockIncident, problemOf } from '../store.ts';
import type { TimelineRow } from '../tables.ts';

export interface CorrectEntryInput {
  incidentId: string;
  seq: number;
  text: string;
  occurredAt?: Date | undefined;
}

export const correctEntry = command(
  'incidents.correctEntry',
  { allow: 'responder' },
  async (ctx, input: CorrectEntryInput): Promise<TimelineRow> => {
    const incident = await lockIncident(ctx, input.incidentId);
    refuseSecrets(ctx, { text: input.text });
    const original = await ctx.db
      .selectFrom('incidents.timeline')
      .select(['seq', 'occurredAt', 'classification'])
      .where('incidentId', '=', incident.id)
      .where('seq', '=', input.seq)
      .executeTakeFirst();
    if (!original) throw notFound('Timeline entry', String(input.seq));
    const occurredAt = input.occurredAt ?? original.occurredAt;
    const wrong = checkOccurredAt(occurredAt, ctx.now);
    if (wrong) throw problemOf(wrong);
    const sealed = original.classification === 'restricted' && (await sealedOf(ctx, incident.id, original.seq));
    if (sealed) await insistReader(ctx, sealed);
    return write(ctx, incident, {
      kind: 'correction',
      text: input.text,
      occurredAt,
      // A correction is never more public than what it corrects.
      classification: original.classification,
      corrects: original.seq,
      ...(sealed && { readers: { roles: sealed.roles, people: [...sealed.people, sealed.authorId] } }),
    });
  },
);
