/** What a new review needs to know: how bad it was, who owns it, when it is due, what the record already says. */
import { setGate } from '#incidents';
import { type Ctx, readSetting } from '#kernel';
import { installation } from '#security';
import { readingsOf } from '../metrics/readings.ts';
import { reviewPolicy } from '../settings.ts';
import { type DueRule, dueAfter, ruleFor } from './due.ts';
import { reasonsNotScheduled } from './model.ts';
import { prefill } from './prefill.ts';
import { gatherRecord } from './record.ts';
import type { ReviewRow } from './store.ts';

/** A review that no rule requires: as long as the slower of the two rules allows. */
const ASKED: DueRule = { days: 5, count: 'business' };

/** Who led last, also after the duty has ended: the review belongs to who saw it through. */
async function lastCommander(ctx: Ctx, incidentId: string): Promise<string | null> {
  const row = await ctx.db
    .selectFrom('incidents.roleAssignments')
    .select('userId')
    .where('incidentId', '=', incidentId)
    .where('role', '=', 'incident_commander')
    .where('acceptedAt', 'is not', null)
    .orderBy('fromAt', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.userId ?? null;
}

/** The gate that holds the incident's closing for a review, if the record has one. */
const gateOf = (ctx: Ctx, incidentId: string) =>
  ctx.db
    .selectFrom('incidents.gates')
    .select('state')
    .where('incidentId', '=', incidentId)
    .where('kind', '=', 'learning.review')
    .executeTakeFirst();

export interface Opening {
  severity: number;
  required: boolean;
  ownerId: string | null;
  dueAt: Date;
  dueZone: string;
  policy: ReviewRow['policy'];
}

/** Everything but the words. The incident's last commander owns the review until somebody names another. */
export async function planOpening(ctx: Ctx, incidentId: string): Promise<Opening> {
  const incident = await ctx.db
    .selectFrom('incidents.incidents')
    .select(['worstSeverity', 'restoredAt'])
    .where('id', '=', incidentId)
    .executeTakeFirstOrThrow();
  const policy = await readSetting(ctx, reviewPolicy);
  // Lowering the severity later cancels no obligation (invariant 15).
  const severity = incident.worstSeverity;
  const rule = ruleFor(policy, severity);
  const gate = await gateOf(ctx, incidentId);
  const { timeZone } = await readSetting(ctx, installation);
  return {
    severity,
    // An open gate is owed an answer whatever the severity is now; a waived one (a drill that was stopped) is not.
    required: gate ? gate.state !== 'waived' : rule !== null,
    ownerId: await lastCommander(ctx, incidentId),
    dueAt: dueAfter(rule ?? ASKED, incident.restoredAt ?? ctx.now, timeZone),
    dueZone: timeZone,
    policy,
  };
}

/** The first words of each section, from the record as it is now. */
export const firstWords = async (ctx: Ctx, incidentId: string) =>
  prefill(await gatherRecord(ctx, incidentId), await readingsOf(ctx, incidentId));

/**
 * Tells the gate how things stand: closed when the review is scheduled, else open with what is missing. An incident whose
 * severity asked for no review has no such gate, and nothing waits.
 */
export async function settleGate(ctx: Ctx, review: ReviewRow): Promise<void> {
  if (!(await gateOf(ctx, review.incidentId))) return;
  const reasons = reasonsNotScheduled(review.ownerId, review.dueAt);
  const state = reasons.length === 0 ? 'closed' : 'open';
  await setGate(ctx, { incidentId: review.incidentId, kind: 'learning.review', state, reasons });
}
