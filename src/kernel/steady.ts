/**
 * A clock for short technical waits, shared by all nodes, that no jump of the wall clock moves: leases and signs of life
 * stand on it, people's times on `ctx.now`. It is carried by the nodes' own monotonic clocks and kept in one row.
 */
import { sql } from 'kysely';
import type { Db } from './context.ts';
import type { Pool } from './db/pool.ts';
import { monotonic } from './time.ts';

/** How far the clocks of two nodes may be apart: each hears of the other's at its next sign of life. */
export const STEADY_GRAIN_MS = 1200;
/** A difference between the wall and this clock that counts as a jump of the wall. */
const JUMP_MS = 2000;
/** Nobody has carried the clock: what the wall says about that pause is believed up to here, then leases of before are over. */
const MOST_PAUSE_MS = 8000;

let offset = 0;

/** The present on the steady clock, in milliseconds; only differences mean something. */
export const steadyNow = (): number => monotonic() + offset;

/** Takes the clock up where the other nodes have it. Once, before a node gives its first sign of life. */
export async function joinSteady(pool: Pool): Promise<void> {
  const before = monotonic();
  const { rows } = await pool.query<{ at: number; pause: number | null }>(
    'select at, extract(epoch from kernel.now() - wall)::double precision * 1000 as pause from kernel.steady',
  );
  const { at = 0, pause = 0 } = rows[0] ?? {};
  offset = Math.max(offset, at + Math.min(MOST_PAUSE_MS, Math.max(0, pause ?? 0)) - before);
}

/** A reading of both clocks that took longer than this is none: the process may have been stopped in between. */
const MOST_READING_MS = 400;

/**
 * Carries the clock on and compares it with the wall. Returns by how many milliseconds the wall was put back since
 * somebody last looked, 0 when it was not. One node is told, and answers it in the same transaction.
 */
export async function carrySteady(db: Db): Promise<number> {
  const before = steadyNow();
  const [read] = (await sql<{ wall: string }>`select kernel.now()::text as wall`.execute(db)).rows;
  const mine = steadyNow();
  if (!read || mine - before > MOST_READING_MS) return 0;
  const { rows } = await sql<{ at: number; passed: number; shown: number | null }>`
    with old as (select at, wall from kernel.steady for update),
      new as (select *, ${mine}::double precision - at as passed,
        extract(epoch from ${read.wall}::timestamptz - wall)::double precision * 1000 as shown from old)
    update kernel.steady as s set at = ${mine}, wall = ${read.wall}::timestamptz,
      leapt_at = case when abs(shown - passed) > ${JUMP_MS} then ${mine} else leapt_at end
    from new where passed >= 0
    returning s.at, passed, shown`.execute(db);
  const [row] = rows;
  if (!row) await followOthers(db);
  const back = row ? row.passed - (row.shown ?? row.passed) : 0;
  return back > JUMP_MS ? Math.floor(back) : 0;
}

/** Another node's clock is ahead of ours by more than the way to the database takes: ours is set to it. */
async function followOthers(db: Db): Promise<void> {
  const { rows } = await sql<{ at: number }>`select at from kernel.steady`.execute(db);
  offset += Math.max(0, (rows[0]?.at ?? 0) - steadyNow());
}

/** True when the wall clock has jumped within the last `ms`, or is just seen to: what looks late by it may only look so. */
export async function wallLeapt(db: Db, ms: number): Promise<boolean> {
  const now = steadyNow();
  const { rows } = await sql<{ leapt: boolean | null }>`
    select leapt_at > ${now - ms}::double precision
      or abs(extract(epoch from kernel.now() - wall) * 1000 - greatest(0, ${now}::double precision - at)) > ${JUMP_MS} as leapt
    from kernel.steady where wall is not null`.execute(db);
  return rows[0]?.leapt === true;
}
