/** The clock of one incident in the database: started, moved and stopped in the caller's transaction, with its timers. */
import { type Ctx, cancelJob, enqueue, readSetting } from '#kernel';
import { cadence as cadenceSetting } from '../settings.ts';
import { type Due, type LadderStep, ladder, ladderTime, nextDue } from './model.ts';
import { cadenceFor, type SeverityCadence } from './policy.ts';
import { type ClockRow, lockClock, saveClock } from './store.ts';
import { clockStep } from './timer.ts';

/** What the clock needs to know of an incident. */
export interface ClockIncident {
  id: string;
  severity: number;
  phase: string;
  declaredAt: Date;
  restoredAt: Date | null;
  exercise: boolean;
}

export const cadenceOf = async (ctx: Ctx, severity: number): Promise<SeverityCadence | null> =>
  cadenceFor(await readSetting(ctx, cadenceSetting), severity);

const timerKey = (incidentId: string, step: LadderStep) => `comms.clock:${incidentId}:${step}`;

/** One timer per step of the ladder; a new due time moves them all. */
async function setTimers(ctx: Ctx, incidentId: string, due: Due): Promise<void> {
  for (const { step } of ladder) {
    const at = ladderTime(step, due);
    const key = timerKey(incidentId, step);
    // A reminder whose moment has passed would only come together with the due time itself.
    if (step === 'remind' && at <= ctx.now) await cancelJob(ctx, key);
    else await enqueue(ctx, clockStep, { incidentId, step, dueAt: due.dueAt.toISOString() }, { runAt: at, key });
  }
}

async function run(ctx: Ctx, row: ClockRow, due: Due, more: Partial<ClockRow> = {}): Promise<ClockRow> {
  const moved = row.dueAt?.getTime() !== due.dueAt.getTime() || row.state !== 'running';
  if (moved) await setTimers(ctx, row.incidentId, due);
  return saveClock(ctx, row.incidentId, {
    ...more,
    state: 'running',
    stopped: null,
    stoppedReason: null,
    stoppedBy: null,
    dueAt: due.dueAt,
    reason: due.reason,
    intervalSeconds: due.seconds,
    // A later due time by a new message ends the delay; a phase change never does.
    overdueSince: due.dueAt > ctx.now ? null : row.overdueSince,
  });
}

/** Starts the clock, or moves it to what severity and phase ask for now. A stopped clock stays stopped. */
export async function syncClock(ctx: Ctx, incident: ClockIncident): Promise<ClockRow> {
  const row = await lockClock(ctx, incident);
  const cadence = await cadenceOf(ctx, incident.severity);
  if (row.state === 'stopped' || (row.state === 'none' && !cadence)) return row;
  // A lowered severity without a cadence of its own cancels nothing that is already owed.
  if (!cadence) return row;
  const standing = row.dueAt && row.reason ? { dueAt: row.dueAt, reason: row.reason, after: row.published } : null;
  return run(
    ctx,
    row,
    nextDue(
      cadence,
      {
        ...incident,
        published: row.published,
        lastPublishedAt: row.lastPublishedAt,
        promisedAt: row.promisedAt,
        standing,
      },
      ctx.now,
    ),
  );
}

/** A message went out: the time it names is the next due time. */
export async function countPublication(
  ctx: Ctx,
  incident: ClockIncident,
  promisedAt: Date | null,
  isCorrection: boolean,
): Promise<ClockRow> {
  const row = await lockClock(ctx, incident);
  const published = row.published + (isCorrection ? 0 : 1);
  const facts = { published, lastPublishedAt: ctx.now, promisedAt };
  if (!promisedAt) return saveClock(ctx, incident.id, facts);
  const seconds = Math.round((promisedAt.getTime() - ctx.now.getTime()) / 1000);
  return run(ctx, row, { dueAt: promisedAt, reason: 'promised', seconds }, facts);
}

/** Nothing is owed any more, and why. */
export async function stopClock(
  ctx: Ctx,
  incident: ClockIncident,
  stopped: 'resolved' | 'not_needed' | 'dismissed',
  why: string | null,
): Promise<ClockRow> {
  await lockClock(ctx, incident);
  for (const { step } of ladder) await cancelJob(ctx, timerKey(incident.id, step));
  return saveClock(ctx, incident.id, {
    state: 'stopped',
    stopped,
    stoppedReason: why,
    stoppedBy: ctx.actor.id,
    dueAt: null,
    reason: null,
    intervalSeconds: null,
    overdueSince: null,
  });
}

/** The effect is back: customers are owed a word again, as fast as a first one. */
export async function restartClock(ctx: Ctx, incident: ClockIncident): Promise<ClockRow> {
  const row = await lockClock(ctx, incident);
  const cadence = await cadenceOf(ctx, incident.severity);
  if (row.state !== 'stopped' || row.stopped === 'dismissed' || !cadence) return row;
  return run(ctx, row, {
    dueAt: new Date(ctx.now.getTime() + cadence.first * 60_000),
    reason: 'next',
    seconds: cadence.first * 60,
  });
}
