/** Moves the product's clock. The queue runs on the real clock, so its waiting jobs are pulled nearer by the same amount. */
import { sql } from 'kysely';
import { readClock, type House } from '../../src/kernel/house.ts';
import { runDueJobs } from '../../src/kernel/jobs.ts';

/** Moves the clock by `ms` at once, without running anything. */
export async function shiftClock(house: House, ms: number): Promise<void> {
  await house.db.transaction().execute(async (db) => {
    await sql`update kernel.clock set ahead = ahead + make_interval(secs => ${ms / 1000})`.execute(db);
    await sql`update graphile_worker._private_jobs set run_at = run_at - make_interval(secs => ${ms / 1000})`.execute(
      db,
    );
  });
}

/** Moves the clock by `ms`, stopping at each timer on the way and running what is due there. Periodic jobs run at these stops and at the end. */
export async function advanceClock(house: House, ms: number): Promise<void> {
  const end = (await readClock(house.db)).getTime() + ms;
  for (let stop = 0; stop < 5000; stop++) {
    await runDueJobs(house);
    const now = await readClock(house.db);
    const { rows } = await sql<{ at: Date }>`
      select j.run_at + c.ahead as at from graphile_worker._private_jobs j, kernel.clock c
      where j.locked_at is null and j.attempts < j.max_attempts and (j.key is null or j.key not like 'every:%')
        and j.run_at + c.ahead > ${now} order by j.run_at limit 1`.execute(house.db);
    const next = rows[0]?.at.getTime();
    if (next === undefined || next > end) break;
    await shiftClock(house, Math.max(0, next - now.getTime()) + 1);
  }
  const now = await readClock(house.db);
  if (now.getTime() < end) await shiftClock(house, end - now.getTime());
  await runDueJobs(house);
}
