/** Jobs and events: born in the transaction, movable, found again after a crash, told to the live stream. */
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { type House, openHouse } from '../../test/harness/house.ts';
import { defineEvent, emit, reaction, registerReactions } from './events.ts';
import { addMs, type Ctx } from './index.ts';
import { cancelJob, defineJob, enqueue, startWorker } from './jobs.ts';

const seen: string[] = [];
const note = defineJob(
  'kernel.test_note',
  z.object({ text: z.string() }),
  async (ctx, { text }) => void seen.push(`${text}${ctx.exercise ? ' (exercise)' : ''}`),
);
const happened = defineEvent('test.happened', z.object({ what: z.string() }));
const heard = reaction('kernel.test_heard', happened, async (_ctx, { what }) => void seen.push(`heard ${what}`));

let house: House;
let ctx: Ctx;
beforeAll(async () => {
  house = await openHouse();
  house.core.jobs.set(note.name, note);
  house.core.jobs.set(heard.job.name, heard.job);
  registerReactions([heard]);
});
afterAll(() => house.close());
beforeEach(async () => {
  seen.length = 0;
  ctx = await house.ctx('system');
});

test('a job runs at its time, not before, and carries the exercise mark', async () => {
  await enqueue({ ...ctx, exercise: true }, note, { text: 'later' }, { runAt: addMs(ctx.now, 5 * 60_000) });
  await house.advance('4m');
  expect(seen).toEqual([]);
  await house.advance('2m');
  expect(seen).toEqual(['later (exercise)']);
});

test('a key is a timer: it can be moved and taken back', async () => {
  await enqueue(ctx, note, { text: 'first' }, { key: 'k', runAt: addMs(ctx.now, 60_000) });
  await enqueue(ctx, note, { text: 'second' }, { key: 'k', runAt: addMs(ctx.now, 120_000) });
  await house.advance('90s');
  expect(seen).toEqual([]);
  await cancelJob(ctx, 'k');
  await house.advance('5m');
  expect(seen).toEqual([]);
});

test('if the change rolls back, so do its job and its event', async () => {
  const undone = ctx.db.transaction().execute(async (db) => {
    await enqueue({ ...ctx, db }, note, { text: 'never' });
    await emit({ ...ctx, db }, happened, { what: 'never' }, { subject: 'x' });
    throw new Error('rolled back');
  });
  await expect(undone).rejects.toThrow('rolled back');
  await emit(ctx, happened, { what: 'it' }, { subject: 'x' });
  await house.settle();
  expect(seen).toEqual(['heard it']);
});

test('a timer that is set anew in the moment in which a worker takes up the old one is not lost', async () => {
  const later = new Date(ctx.now.getTime() + 3_600_000);
  await enqueue(ctx, note, { text: 'old' }, { key: 'the timer', runAt: later });
  let write: Promise<void> = Promise.resolve();
  await house.core.db.transaction().execute(async (worker) => {
    await sql`update graphile_worker._private_jobs set locked_by = 'somebody', locked_at = now() where key = 'the timer'`.execute(
      worker,
    );
    write = enqueue(ctx, note, { text: 'new' }, { key: 'the timer', runAt: later });
    await sleep(200);
  });
  await write;
  const { rows } = await sql<{ locked: boolean; text: string }>`
    select locked_at is not null as locked, payload #>> '{payload,text}' as text from graphile_worker._private_jobs
    where key = 'the timer'`.execute(ctx.db);
  expect(rows).toEqual([{ locked: false, text: 'new' }]);
  await sql`delete from graphile_worker._private_jobs where key = 'the timer' or locked_by = 'somebody'`.execute(
    ctx.db,
  );
});

test('the job of a killed worker is found again within seconds', async () => {
  await enqueue(ctx, note, { text: 'survived' });
  await sql`update graphile_worker._private_jobs set locked_by = 'worker-of-the-dead', locked_at = clock_timestamp() - interval '20 seconds'`.execute(
    house.core.db,
  );
  await sql`update graphile_worker._private_job_queues set locked_by = null`.execute(house.core.db);
  const worker = await startWorker(house.core, 1);
  const started = performance.now();
  while (!seen.includes('survived') && performance.now() - started < 15_000)
    await new Promise((resolve) => setTimeout(resolve, 100));
  await worker.stop();
  expect(seen).toContain('survived');
}, 30_000);

test('a job that a living worker has lost is found again: its end was never written down', async () => {
  const worker = await startWorker(house.core, 1);
  const poolId = async () =>
    (
      await sql<{ id: string }>`select worker_id as id from kernel.workers order by seen_at desc limit 1`.execute(
        house.core.db,
      )
    ).rows[0]?.id;
  let mine: string | undefined;
  while (!(mine = await poolId())) await sleep(100);
  await ctx.db.transaction().execute(async (db) => {
    await enqueue({ ...ctx, db }, note, { text: 'not lost' });
    await sql`update graphile_worker._private_jobs set locked_by = ${mine}, locked_at = clock_timestamp() - interval '20 seconds'`.execute(
      db,
    );
  });
  const started = performance.now();
  while (!seen.includes('not lost') && performance.now() - started < 15_000) await sleep(100);
  await worker.stop();
  expect(seen).toEqual(['not lost']);
}, 30_000);

test('a job that takes longer than a lock is worth without a sign of life runs once', async () => {
  const long = defineJob('kernel.test_long', z.object({}), async () => {
    seen.push('long began');
    await sleep(8000);
    seen.push('long ended');
  });
  house.core.jobs.set(long.name, long);
  await enqueue(ctx, long, {});
  const worker = await startWorker(house.core, 2);
  while (!seen.includes('long ended')) await sleep(100);
  await sleep(500);
  await worker.stop();
  expect(seen).toEqual(['long began', 'long ended']);
}, 30_000);

test('the live stream tells a signed-in browser of an event, and refuses somebody who is not', async () => {
  expect((await house.anonymous.get('/api/v1/stream')).status).toBe(401);
  const abort = new AbortController();
  const answer = await fetch(`${house.url}/api/v1/stream`, {
    headers: { cookie: `evenkeel=${await house.sessionToken('viewer')}` },
    signal: abort.signal,
  });
  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  await emit(ctx, happened, { what: 'shown' }, { subject: 'sub_1' });
  let text = '';
  while (!text.includes('test.happened')) text += (await reader?.read())?.value ?? '';
  expect(text).toContain('"subject":"sub_1"');
  expect(text).not.toContain('shown');
  abort.abort();
  await house.settle();
});
