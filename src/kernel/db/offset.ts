/** How far the database's clock is from this process's clock. */
import { sql } from 'kysely';
import type { Db } from '../context.ts';
import { monotonic, processNow } from '../time.ts';

export interface ClockOffset {
  /** Database minus process, in milliseconds. */
  ms: number;
  /** Half the round trip: the offset is not known better than this. */
  uncertainMs: number;
}

/** Takes the best of five measurements. Compares real clocks, not the movable one. */
export async function measureClockOffset(db: Db): Promise<ClockOffset> {
  let best: ClockOffset | undefined;
  for (let round = 0; round < 5; round++) {
    const [from, at] = [monotonic(), processNow()];
    const { rows } = await sql<{ ms: number }>`select extract(epoch from clock_timestamp()) * 1000 as ms`.execute(db);
    const half = (monotonic() - from) / 2;
    if (!best || half < best.uncertainMs) best = { ms: Number(rows[0]?.ms) - (at + half), uncertainMs: half };
  }
  return { ms: Math.round(best?.ms ?? Number.NaN), uncertainMs: Math.ceil(best?.uncertainMs ?? 0) };
}
