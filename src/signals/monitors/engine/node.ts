/** A node's eyes: holds leases, looks at what they cover, and writes what it saw once a second, in one go. */
import { addMs, config, type House, log, NODE, processNow, sql } from '#kernel';
import { takeResults } from '../commands/takeResults.ts';
import { turnMonitor } from '../commands/turnMonitor.ts';
import type { Monitor, Result } from '../model.ts';
import { openSecrets } from '../store.ts';
import { BEAT_MS, holdSlices, LEASE_MS, releaseSlices } from './leases.ts';
import { openRunner, type Watched } from './runner.ts';

/** Kept while the database is away; the oldest are given up beyond that. */
const MAX_BUFFER = 20_000;
const AT_A_TIME = 2000;
const WRITE_MS = 1000;

export interface Eyes {
  /** Renews leases and reads what has changed. */
  beat(): Promise<void>;
  /** For tests: beat, look at what is due, write. */
  look(): Promise<void>;
  slices(): number[];
  lateMs(): number;
  stop(): Promise<void>;
}

export interface EyesOptions {
  /** Names of its own, so that a test can have several nodes. */
  node?: string;
  place?: string;
  /** No timers: only what is asked for. */
  manual?: boolean;
}

type Row = Monitor & { fresh: boolean };

export async function openEyes(house: House, options: EyesOptions = {}): Promise<Eyes> {
  const node = { name: options.node ?? NODE, place: options.place ?? config.place };
  let ahead = 0;
  let held: number[] = [];
  let heldUntil = 0;
  let seen = '';
  let buffer: Result[] = [];
  const present = () => processNow() + ahead;
  const runner = openRunner({ now: present, onResult: (result) => void buffer.push(result) });
  const ctxOf = () => house.ctx(house.system('signals.monitors'));

  async function beat(): Promise<void> {
    const ctx = await ctxOf();
    ahead = ctx.now.getTime() - processNow();
    held = await holdSlices(ctx, { ...node, watching: runner.watching(), lateMs: runner.lateMs() });
    heldUntil = addMs(ctx.now, LEASE_MS).getTime();
    const { rows } = await sql<{ mark: string }>`select concat_ws(' ', count(*), sum(version), max(created_at)) as mark
      from signals.monitors`.execute(ctx.db);
    const mark = `${rows[0]?.mark} ${held.join(',')}`;
    if (mark === seen) return;
    runner.watch((await monitorsOf(house, node.place, held)).map(watchedOf));
    seen = mark;
  }

  /** A node that cannot renew its leases stops looking: by then others do. */
  const lostLeases = () => present() > heldUntil;

  async function write(): Promise<void> {
    if (buffer.length === 0) return;
    const results = buffer.splice(0, AT_A_TIME);
    try {
      const ctx = await ctxOf();
      const { turned } = await takeResults(ctx, { place: node.place, results, holder: node.name });
      for (const id of turned) await turnMonitor(ctx, { id });
    } catch (error) {
      // Whole batches only, so that nothing is counted twice.
      buffer = [...results, ...buffer].slice(-MAX_BUFFER);
      throw error;
    }
  }

  await beat();
  const timers = options.manual ? [] : [repeat(beatOrLetGo, BEAT_MS), repeat(write, WRITE_MS)];
  if (!options.manual) runner.start();

  async function beatOrLetGo(): Promise<void> {
    try {
      await beat();
    } catch (error) {
      if (lostLeases()) {
        runner.watch([]);
        seen = '';
      }
      throw error;
    }
  }

  return {
    beat,
    look: async () => {
      await beat();
      await runner.runDue();
      while (buffer.length > 0) await write();
    },
    slices: () => held,
    lateMs: () => runner.lateMs(),
    stop: async () => {
      for (const stop of timers) await stop();
      await runner.stop();
      try {
        while (buffer.length > 0) await write();
        await releaseSlices(await ctxOf(), node.name);
      } catch (error) {
        log.warn({ error: (error as Error).message }, 'the last results of the monitors could not be written');
      }
    },
  };
}

/** Does it again and again, never twice at once; a failure is logged. Returns how to end it. */
function repeat(work: () => Promise<void>, everyMs: number): () => Promise<void> {
  let ended = false;
  let timer: NodeJS.Timeout;
  let last: Promise<void> = Promise.resolve();
  const again = () => {
    if (ended) return;
    timer = setTimeout(() => {
      last = work()
        .catch((error: Error) => log.warn({ error: error.message }, 'the monitors wait for the database'))
        .finally(again);
    }, everyMs);
  };
  again();
  return async () => {
    ended = true;
    clearTimeout(timer);
    await last;
  };
}

async function monitorsOf(house: House, place: string, slices: number[]): Promise<Row[]> {
  if (slices.length === 0) return [];
  return (await house.db
    .selectFrom('signals.monitors as m')
    .leftJoin('signals.monitorPlaces as p', (join) => join.onRef('p.monitorId', '=', 'm.id').on('p.place', '=', place))
    .selectAll('m')
    .select((eb) => eb('p.lastAt', 'is', null).as('fresh'))
    .where('m.enabled', '=', true)
    .where('m.slice', 'in', slices)
    .where(sql<boolean>`m.places ? ${place}`)
    .execute()) as Row[];
}

/** A monitor as whoever looks at it needs it, secrets opened. */
export const watchedOf = (row: Monitor & { fresh: boolean | unknown }): Watched => ({
  id: row.id,
  version: row.version,
  kind: row.kind,
  spec: row.spec,
  secrets: openSecrets(row),
  intervalSeconds: row.intervalSeconds,
  timeoutSeconds: row.timeoutSeconds,
  failAfter: row.failAfter,
  recoverAfter: row.recoverAfter,
  fresh: Boolean(row.fresh),
});
