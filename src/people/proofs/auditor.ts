/** Finds open pages that will not go on: no timer, or a timer long over. One indexed statement, whatever the number of old pages. */
import { addMs, type Ctx, sql, wallLeapt } from '#kernel';

/** A step may be late by so much before it counts as stuck: the watch of pages moves it on by then. */
const LATE_MS = 45_000;

/** After a jump of the clock all steps that it passed look late, for as long as they take to be done. */
const SETTLING_MS = 30_000;

export interface StuckPage {
  id: string;
  turn: number;
  title: string;
  subjectKind: string;
  exercise: boolean;
  nextTurnAt: Date | null;
  /** There is no job that would take the next step. */
  jobless: boolean;
}

/**
 * Pages that are being called and have no future step: nothing set, its job gone (deleted, or failed for the last time),
 * or its time long over. A page and its job are written by one transaction, so one statement sees both or neither. Pages
 * that are not urgent call once and wait by intent; those nobody answered have called everybody; one that was taken and
 * asks again later has a step too.
 */
export async function stuckPages(ctx: Pick<Ctx, 'db' | 'now'>, id?: string): Promise<StuckPage[]> {
  const { rows } = await stuckQuery(ctx, id).execute(ctx.db);
  if (rows.every(({ jobless }) => jobless) || !(await wallLeapt(ctx.db, SETTLING_MS))) return rows;
  return rows.filter(({ jobless }) => jobless);
}

/** The statement itself; a test asks the database how it goes about it. */
export const stuckQuery = (ctx: Pick<Ctx, 'now'>, id?: string) => sql<StuckPage>`
    select p.id, p.turn, p.title, p.subject_kind as "subjectKind", p.exercise, p.at as "nextTurnAt", j.id is null as jobless
    from (
      select *, next_turn_at as at from people.pages
      where state = 'paging' and (urgency = 'high' or next_turn_at is not null)
      union all
      select *, wake_at as at from people.pages where state = 'acknowledged' and wake_at is not null) p
    left join graphile_worker._private_jobs j on j.key = 'page:' || p.id and (j.attempts < j.max_attempts or j.locked_at is not null)
    where p.target_key <> 'sink' and (${id ?? null}::text is null or p.id = ${id ?? null})
      and (p.at is null or j.id is null or p.at < ${addMs(ctx.now, -LATE_MS)})
    order by p.at nulls first limit 200`;
