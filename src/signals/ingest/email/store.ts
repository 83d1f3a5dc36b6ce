/** SQL of alert mail: which alert a mail was about, and how often a machine has answered. */
import { addMs, type Ctx, defineJob, type StampedAt, sql } from '#kernel';
import { z } from 'zod';

interface MailThreadsTable {
  integrationId: string;
  messageHash: string;
  dedupKey: string;
  at: StampedAt;
}

interface MailLoopsTable {
  integrationId: string;
  sender: string;
  since: Date;
  taken: number;
}

declare module '#kernel' {
  interface Database {
    'signals.mailThreads': MailThreadsTable;
    'signals.mailLoops': MailLoopsTable;
  }
}

/** Remembers which alert a mail was about. */
export async function keepThread(
  ctx: Ctx,
  integrationId: string,
  messageHash: string,
  dedupKey: string,
): Promise<void> {
  await ctx.db
    .insertInto('signals.mailThreads')
    .values({ integrationId, messageHash, dedupKey, at: ctx.now })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** The alert that one of these mails was about; the nearest counts. */
export async function threadOf(ctx: Ctx, integrationId: string, hashes: string[]): Promise<string | undefined> {
  if (hashes.length === 0) return undefined;
  const rows = await ctx.db
    .selectFrom('signals.mailThreads')
    .select(['messageHash', 'dedupKey'])
    .where('integrationId', '=', integrationId)
    .where('messageHash', 'in', hashes)
    .execute();
  const known = new Map(rows.map((row) => [row.messageHash, row.dedupKey]));
  return hashes.map((hash) => known.get(hash)).find((key) => key !== undefined);
}

/** Counts one answer of a machine. Returns the how-manieth it is of this sender within its hour. */
export async function countAnswer(ctx: Ctx, integrationId: string, sender: string): Promise<number> {
  const { rows } = await sql<{ taken: number }>`
    insert into signals.mail_loops as l (integration_id, sender, since, taken) values (${integrationId}, ${sender}, ${ctx.now}, 1)
    on conflict (integration_id, sender) do update set
      since = case when l.since <= ${addMs(ctx.now, -3_600_000)} then excluded.since else l.since end,
      taken = case when l.since <= ${addMs(ctx.now, -3_600_000)} then 1 else least(l.taken + 1, 1000000) end
    returning taken`.execute(ctx.db);
  return rows[0]!.taken;
}

/** Mails older than a month begin anew. */
export const forgetMail = defineJob(
  'signals.forgetMail',
  z.object({}),
  async (ctx) => {
    await ctx.db
      .deleteFrom('signals.mailThreads')
      .where('at', '<', addMs(ctx.now, -30 * 86_400_000))
      .execute();
    await ctx.db.deleteFrom('signals.mailLoops').where('since', '<', addMs(ctx.now, -86_400_000)).execute();
  },
  { every: 3_600_000 },
);
