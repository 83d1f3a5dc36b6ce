/**
 * Whether everything that was accepted has come to an end: signals processed, messages settled, pages with a next step.
 * What is stuck is named by its id; what was quarantined is listed. Reads only, by partial indexes.
 */
import { addMs, type Ctx, sql, steadyNow } from '#kernel';
import { stuckPages } from '#people';
import { WATCHDOG_INTEGRATION } from '../integrations/store.ts';

/** A signal that is stored and not processed for so long is stuck; the sweep takes up what a dying node left after 30 s. */
export const SIGNAL_MS = 120_000;
/** A message whose next try is over by so much has been forgotten by its timer and by the watch of timers. */
export const DELIVERY_MS = 60_000;
/** A carrier that has not said for so long whether it delivered will not say. */
export const RECEIPT_MS = 30 * 60_000;
const LATELY_MS = 7 * 86_400_000;
const MOST = 50;

export interface Stuck {
  kind: 'signal' | 'delivery' | 'receipt' | 'page';
  id: string;
  since: Date;
  text: string;
}

/** Everything that has not come to an end in its time, oldest first. */
export async function stuckNow(ctx: Ctx): Promise<Stuck[]> {
  const { rows } = await sql<Stuck>`
    (select 'signal' as kind, s.id, s.received_at as since, 'A signal from “' || i.name || '” is stored and not processed' as text
      from signals.signals s join signals.integrations i on i.id = s.integration_id
      where s.state = 'received' and s.integration_id <> ${WATCHDOG_INTEGRATION} and s.received_at < ${addMs(ctx.now, -SIGNAL_MS)} order by s.received_at limit ${MOST})
    union all
    (select 'signal', b.first_id, b.received_at, b.posts || ' signals from “' || i.name || '” are stored and not processed'
      from signals.blocks b join signals.integrations i on i.id = b.integration_id
      where b.state = 'waiting' and b.received_at < ${addMs(ctx.now, -SIGNAL_MS)} order by b.id limit ${MOST})
    union all
    (select 'delivery', d.id, d.next_attempt_at, 'A message by ' || d.channel || ' waits past its time: ' || d.subject
      from channels.deliveries d
      where d.state in ('queued', 'sending') and d.next_attempt_at < ${addMs(ctx.now, -DELIVERY_MS)}
        and (d.held_until is null or d.held_until < ${steadyNow() - DELIVERY_MS}::double precision) order by d.next_attempt_at limit ${MOST})
    union all
    (select 'receipt', d.id, d.sent_at, 'The carrier of ' || d.channel || ' has not said whether it arrived: ' || d.subject
      from channels.deliveries d
      where d.state = 'sent' and d.sent_at < ${addMs(ctx.now, -RECEIPT_MS)} and d.sent_at > ${addMs(ctx.now, -LATELY_MS)}
      order by d.sent_at limit ${MOST})`.execute(ctx.db);
  const pages = (await stuckPages(ctx)).map(({ id, title, nextTurnAt }): Stuck => ({
    ...{ kind: 'page', id, since: nextTurnAt ?? ctx.now },
    text: `An open page has no next step: ${title}`,
  }));
  return [...rows, ...pages].sort((a, b) => a.since.getTime() - b.since.getTime());
}

/** What was given up on in the last week: it became a plain alert that pages, and its bytes are kept. */
async function quarantined(ctx: Ctx) {
  const { rows } = await sql<{ id: string; at: Date; integration: string; reason: string }>`
    select s.id, s.received_at as at, i.name as integration, s.reason
    from signals.signals s join signals.integrations i on i.id = s.integration_id
    where s.received_at > ${addMs(ctx.now, -LATELY_MS)} and s.reason like 'could not be processed:%'
    order by s.received_at desc limit ${MOST}`.execute(ctx.db);
  return rows.map(({ at, ...row }) => ({ ...row, at: at.toISOString() }));
}

interface Counts {
  accepted: number;
  processed: number;
  rejected: number;
  waiting: number;
}

/** The signals of the last hour by how they ended; waiting ones are on their way. */
async function counts(ctx: Ctx): Promise<Counts> {
  const since = addMs(ctx.now, -3_600_000);
  // Posts of a block are counted with it, whether they have a row of their own or not.
  const { rows } = await sql<Counts>`
    with own as (
      select s.state from signals.integrations i join signals.signals s on s.integration_id = i.id
      where s.received_at > ${since} and i.id <> ${WATCHDOG_INTEGRATION} and s.block_id is null
    ), blocks as (select state, posts from signals.blocks where received_at > ${since})
    select ((select count(*) from own) + (select coalesce(sum(posts), 0) from blocks))::int as accepted,
      ((select count(*) from own where state = 'processed')
        + (select coalesce(sum(posts), 0) from blocks where state = 'processed'))::int as processed,
      (select count(*) from own where state = 'rejected')::int as rejected,
      ((select count(*) from own where state = 'received')
        + (select coalesce(sum(posts), 0) from blocks where state = 'waiting'))::int as waiting`.execute(ctx.db);
  return rows[0] ?? { accepted: 0, processed: 0, rejected: 0, waiting: 0 };
}

interface LastTrip {
  state: 'running' | 'done' | 'failed';
  stage: string | null;
  error: string | null;
  startedAt: string;
  pingedAt: string | null;
}

/** The newest trip that has ended, and when the outside was last told. */
async function trips(ctx: Ctx): Promise<{ last: LastTrip | null; lastPingAt: string | null }> {
  const rows = await ctx.db
    .selectFrom('signals.trips')
    .selectAll()
    .where('state', '<>', 'running')
    .orderBy('startedAt', 'desc')
    .limit(1)
    .execute();
  const ping = await ctx.db
    .selectFrom('signals.trips')
    .select((eb) => eb.fn.max('pingedAt').as('at'))
    .executeTakeFirst();
  const [row] = rows;
  const last = row && {
    ...{ state: row.state, stage: row.stage, error: row.error },
    ...{ startedAt: row.startedAt.toISOString(), pingedAt: row.pingedAt?.toISOString() ?? null },
  };
  return { last: last ?? null, lastPingAt: ping?.at?.toISOString() ?? null };
}

/** Everything the screen and `evenkeel signals ends` show. */
export async function ends(ctx: Ctx, watched: boolean) {
  const stuck = await stuckNow(ctx);
  const silent = await ctx.db
    .selectFrom('signals.silentNodes')
    .select(['node', 'lastSeenAt'])
    .where('overAt', 'is', null)
    .orderBy('lastSeenAt', 'desc')
    .execute();
  return {
    at: ctx.now.toISOString(),
    nothingIsStuck: stuck.length === 0,
    stuck: stuck.map(({ since, ...row }) => ({ ...row, since: since.toISOString() })),
    signals: await counts(ctx),
    quarantined: await quarantined(ctx),
    watchdog: { watched, ...(await trips(ctx)) },
    silentNodes: silent.map(({ node, lastSeenAt }) => ({ node, lastSeenAt: lastSeenAt.toISOString() })),
  };
}
