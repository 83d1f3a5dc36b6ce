/** Tells those who speak to customers that a copy of the page says something else than we do (C6). */
import type { Ctx } from '#kernel';
import { tell } from '../cadence/tell.ts';
import { roleHolders, theIncident } from '../incident.ts';
import type { Reading } from './model.ts';
import type { CopyRow } from './store.ts';

const WORDS: Record<Reading['state'], string> = {
  same: 'says the same',
  other: 'says something else than the status page',
  old: 'shows an old state of the status page',
  unreadable: 'cannot be read',
};

/** Communications lead of every incident on the page, its commander where there is none; once per drift. */
export async function tellDrift(ctx: Ctx, copy: CopyRow, { state, detail }: Reading, since: Date): Promise<void> {
  const rows = await ctx.db
    .selectFrom('comms.incidentPages')
    .select('incidentId')
    .where('resolvedAt', 'is', null)
    .where('withdrawnAt', 'is', null)
    .execute();
  for (const { incidentId } of rows) {
    const incident = await theIncident(ctx, incidentId);
    const holders = await roleHolders(ctx, incidentId);
    const people = holders.get('communications_lead') ?? holders.get('incident_commander') ?? [];
    for (const userId of people)
      await tell(ctx, {
        incident,
        userId,
        subject: `the copy “${copy.name}” of the status page ${WORDS[state]}`,
        text: `Customers who read ${copy.url ?? `the copy “${copy.name}”`} have seen something wrong since ${since.toISOString().slice(11, 16)} UTC${detail ? `: ${detail}` : ''}. It is pushed again; if this goes on, look under Status page → Copies elsewhere.`,
        key: `comms.drift:${copy.id}:${since.toISOString()}:${incidentId}`,
      });
  }
}
