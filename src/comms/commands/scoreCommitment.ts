/** The time of a promise has passed: if nothing settled it, it is missed; a missed estimate opens a correction (M57c). */
import { appendTimeline } from '#incidents';
import { Problem } from '#kernel';
import { command } from '#security';
import { theIncident } from '../incident.ts';
import { GRACE_MS } from '../messages/measures.ts';
import { publishedRevisions } from '../messages/store.ts';
import { startCorrection } from './startCorrection.ts';

export const scoreCommitment = command(
  'comms.scoreCommitment',
  { allow: 'internal', subject: (input: { id: string }) => input.id },
  async (ctx, { id }): Promise<void> => {
    const row = await ctx.db
      .selectFrom('comms.commitments')
      .selectAll()
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    if (!row || row.state !== 'open' || ctx.now.getTime() <= row.dueAt.getTime() + GRACE_MS) {
      ctx.audit.skip = true;
      return;
    }
    const incident = await theIncident(ctx, row.incidentId);
    const over = row.kind === 'estimate' && incident.restoredAt !== null && incident.restoredAt <= row.dueAt;
    await ctx.db
      .updateTable('comms.commitments')
      .set({ state: over ? 'kept' : 'missed', settledAt: ctx.now })
      .where('id', '=', id)
      .execute();
    if (over || row.kind !== 'estimate') return;
    await appendTimeline(ctx, incident.id, {
      kind: 'message',
      text: `The estimate given to customers has passed (until ${row.dueAt.toISOString().slice(11, 16)} UTC): a correction is being drafted`,
    });
    const newest = (await publishedRevisions(ctx, incident.id)).at(-1);
    if (!newest || !incident.active) return;
    try {
      await startCorrection(ctx, { id: newest.messageId, reason: 'The time we expected has passed' });
    } catch (error) {
      // Somebody is writing one already.
      if (!(error instanceof Problem)) throw error;
    }
  },
);
