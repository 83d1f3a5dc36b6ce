/** What the incident is told: when customers are owed a word, and when that is settled. */

import { setDue, setGate } from '#incidents';
import type { Ctx } from '#kernel';
import type { ClockRow } from './store.ts';

const REASONS: Record<NonNullable<ClockRow['reason']>, string> = {
  first: 'Customers have not heard from us yet.',
  scope: 'Customers know that something is wrong, not yet how far it reaches.',
  next: 'By the cadence of this severity and phase.',
  promised: 'This time was told to customers.',
  resolution: 'The service is restored; customers have not been told.',
};

/** Keeps the incident's list of what is owed in step with the clock. */
export async function noteDue(ctx: Ctx, incident: { id: string }, clock: ClockRow): Promise<void> {
  const due =
    clock.state === 'running' && clock.dueAt && clock.reason
      ? {
          title: clock.reason === 'resolution' ? 'Publish the resolution' : 'Write an update for customers',
          reason: REASONS[clock.reason],
          place: 'communication',
          dueAt: clock.dueAt,
        }
      : null;
  await setDue(ctx, { incidentId: incident.id, key: 'comms.update', due });
}

/** Answers the gate that holds closing, where policy opened one. */
export async function settleGate(ctx: Ctx, incidentId: string, reason: string): Promise<void> {
  const gate = await ctx.db
    .selectFrom('incidents.gates')
    .select('kind')
    .where('incidentId', '=', incidentId)
    .where('kind', '=', 'comms.resolution')
    .executeTakeFirst();
  if (gate)
    await setGate(ctx, {
      incidentId,
      kind: 'comms.resolution',
      state: 'closed',
      reasons: [reason],
    });
}
