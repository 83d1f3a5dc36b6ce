/** The present as the transaction sees it. */
import { type Db, sql } from '#kernel';

export async function readNow(db: Db): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`select kernel.now() as now`.execute(db);
  return rows[0]?.now ?? new Date(Number.NaN);
}
