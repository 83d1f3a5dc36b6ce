/**
 * The stage on which the demo's past is played: one transaction in which the clock stands where the story is.
 * The product's own commands run in it, so that hash chains, logs and gates are what they always are. Nobody outside
 * sees the moved clock, because the transaction never shows it, and what would have been sent is never sent.
 */
import { type Actor, type Ctx, personOf, sql } from '#kernel';
import { systemActor } from '#security';

/** `null` acts as the product itself. */
export type Who = string | null;

export interface Stage {
  /** The moment the demo is loaded; everything is counted back from it. */
  now: Date;
  /** Plays `work` at that moment as that person. */
  at<T>(when: Date, who: Who, work: (ctx: Ctx) => Promise<T>): Promise<T>;
  /** Makes a person known to the stage. */
  cast(name: string, actor: Actor): void;
  idOf(name: string): string;
  /** For what no command does: a row as it would have been written then. */
  db: Ctx['db'];
}

/** Moves the clock as seen inside this transaction only. */
const moveClock = (ctx: Ctx, to: Date) =>
  sql`update kernel.clock set ahead = ${to}::timestamptz - clock_timestamp()`.execute(ctx.db);

/** Opens the stage inside a command's transaction. */
export function openStage(ctx: Ctx): Stage {
  const people = new Map<string, Actor>();
  const find = (name: string): Actor => {
    const actor = people.get(name);
    if (!actor) throw new Error(`${name} is not in the play`);
    return actor;
  };
  return {
    now: ctx.now,
    db: ctx.db,
    cast: (name, actor) => void people.set(name, actor),
    idOf: (name) => personOf(find(name)) as string,
    at: async (when, who, work) => {
      await moveClock(ctx, when);
      const actor = who === null ? systemActor('demo') : find(who);
      return work({ ...ctx, actor, now: when, audit: {}, exercise: false });
    },
  };
}

/** Where the queue ends now, to know later which jobs the play has made. */
export async function lastJob(ctx: Ctx): Promise<string> {
  const { rows } = await sql<{
    id: string;
  }>`select coalesce(max(id), 0)::text as id from graphile_worker._private_jobs`.execute(ctx.db);
  return rows[0]?.id ?? '0';
}

/**
 * Ends the play: the clock stands where it stood, nothing that the past set in motion will move in the present (pages,
 * mails, reminders), and messages that a real past would have sent count as sent.
 */
export async function closeStage(ctx: Ctx, ahead: string, afterJob: string): Promise<void> {
  await sql`delete from graphile_worker._private_jobs
    where id > ${afterJob}::bigint and (key is null or key not like 'every:%')`.execute(ctx.db);
  await sql`update channels.deliveries set state = 'delivered', attempts = 1, settled_at = created_at
    where state in ('queued', 'sending')`.execute(ctx.db);
  await sql`update kernel.clock set ahead = ${ahead}::interval`.execute(ctx.db);
}

export const clockOf = async (ctx: Ctx): Promise<string> => {
  const { rows } = await sql<{ ahead: string }>`select ahead::text as ahead from kernel.clock`.execute(ctx.db);
  return rows[0]?.ahead ?? '0';
};
