/** The watchdog's rounds: a trip, its end, the call to the outside. The outside is called only after a whole trip. */
import { addMs, config, type Ctx, defineJob, egressFetch, enqueue, readSetting } from '#kernel';
import { z } from 'zod';
import { clearTrips } from './commands/clearTrips.ts';
import { closeTrip } from './commands/closeTrip.ts';
import { noteNodes } from './commands/noteNodes.ts';
import { raiseTrip } from './commands/raiseTrip.ts';
import { startTrip } from './commands/startTrip.ts';
import { judgeTrip, type Stage } from './model.ts';
import { watchdog } from './settings.ts';
import type { Trip } from './tables.ts';
import { bodyOf, seenOf } from './trip.ts';

type Settings = z.infer<typeof watchdog.schema>;
const none = z.object({});

/** A look at the trip that is under way; sets the next look itself, so that it looks every second only while there is one. */
export const lookAtTrip = defineJob('signals.lookAtTrip', none, (ctx) => look(ctx), { maxAttempts: 1, urgent: true });

/** Sets the first look, and the next one when a look was lost with its node. */
export const watchTrips = defineJob(
  'signals.watchTrips',
  none,
  async (ctx) => {
    const { url } = await readSetting(ctx, watchdog);
    if (url !== '') await enqueue(ctx, lookAtTrip, {}, { key: LOOK });
  },
  { every: 10_000, urgent: true },
);

export const watchNodes = defineJob('signals.watchNodes', none, (ctx) => noteNodes(ctx, {}), { every: 10_000 });

const LOOK = 'signals.lookAtTrip';

async function look(ctx: Ctx): Promise<void> {
  const settings = await readSetting(ctx, watchdog);
  if (settings.url === '') return;
  const [last] = await ctx.db.selectFrom('signals.trips').selectAll().orderBy('startedAt', 'desc').limit(1).execute();
  if (last?.state === 'running') return await goOn(ctx, settings, last);
  const due = last ? addMs(last.startedAt, settings.everySeconds * 1000) : ctx.now;
  if (due > ctx.now) return await lookAgain(ctx, due);
  await begin(ctx);
  await lookAgain(ctx, addMs(ctx.now, 1000));
}

const lookAgain = (ctx: Ctx, runAt: Date) => enqueue(ctx, lookAtTrip, {}, { runAt, key: LOOK });

/** Knocks at our own door as any sender does: over HTTP, with a key. */
async function begin(ctx: Ctx): Promise<void> {
  const started = await startTrip(ctx, {});
  if (!started) return;
  const { tripId, key } = started;
  try {
    const host = ['0.0.0.0', '::', ''].includes(config.host) ? '127.0.0.1' : config.host;
    // Not egress: this never leaves the machine, and the guard of egress would refuse our own address.
    const answer = await fetch(
      `http://${host.includes(':') ? `[${host}]` : host}:${config.port}/integrations/v1/alertmanager`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: JSON.stringify(bodyOf(tripId, ctx.now)),
        signal: AbortSignal.timeout(10_000),
      },
    );
    const body = (await answer.json()) as { signal?: string };
    if (!answer.ok || !body.signal) throw new Error(`the door answered ${answer.status}`);
    await ctx.db.updateTable('signals.trips').set({ signalId: body.signal }).where('id', '=', tripId).execute();
  } catch (error) {
    await end(ctx, tripId, 'ingest', (error as Error).message, { groupId: null, pageId: null });
  }
}

async function goOn(ctx: Ctx, settings: Settings, trip: Trip): Promise<void> {
  const seen = await seenOf(ctx, trip);
  const deed = judgeTrip(seen, ctx.now.getTime() - trip.startedAt.getTime(), settings.limitSeconds * 1000);
  if (deed.do === 'wait') return await lookAgain(ctx, addMs(ctx.now, 1000));
  if (deed.do === 'give_up') await end(ctx, trip.id, deed.stage, null, seen);
  else if (await end(ctx, trip.id, null, null, seen)) await callOutside(ctx, settings.url, trip.id);
  await lookAgain(ctx, addMs(ctx.now, 1000));
}

/** Closes the trip; the second failure in a row calls somebody, a whole trip takes that back. */
async function end(
  ctx: Ctx,
  tripId: string,
  stage: Stage | null,
  error: string | null,
  { groupId, pageId }: { groupId: string | null; pageId: string | null },
): Promise<boolean> {
  const { closed } = await closeTrip(ctx, { tripId, stage, error: error?.slice(0, 500) ?? null, groupId, pageId });
  if (!closed) return false;
  await clearTrips(ctx, {}).catch((cause: Error) =>
    ctx.log.warn({ trip: tripId, error: cause.message }, 'what a trip has left could not be cleared away yet'),
  );
  const [, before] = await ctx.db
    .selectFrom('signals.trips')
    .select('state')
    .orderBy('startedAt', 'desc')
    .limit(2)
    .execute();
  if (stage) ctx.log.error({ trip: tripId, stage, error }, 'a synthetic trip of the watchdog failed');
  if (before?.state === 'failed') await raiseTrip(ctx, { stage });
  return true;
}

async function callOutside(ctx: Ctx, url: string, tripId: string): Promise<void> {
  try {
    const answer = await egressFetch(ctx, url, {
      method: 'GET',
      timeoutMs: 10_000,
      maxBytes: 4096,
      purpose: 'watchdog',
    });
    if (answer.status >= 300) throw new Error(`it answered ${answer.status}`);
    await ctx.db.updateTable('signals.trips').set({ pingedAt: ctx.now }).where('id', '=', tripId).execute();
  } catch (error) {
    const text = `the outside could not be called: ${(error as Error).message}`.slice(0, 500);
    await ctx.db.updateTable('signals.trips').set({ error: text }).where('id', '=', tripId).execute();
    ctx.log.error({ trip: tripId, error: text }, 'the watchdog could not call the outside');
  }
}

export const watchdogJobs = [lookAtTrip, watchTrips, watchNodes];
