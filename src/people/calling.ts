/** Calling one person: by which ways, now or later, within the limits of channels that ring or cost. */
import { channelByName, departures, sendAll, type SendInput } from '#channels';
import { addMs, type Ctx, type Db, enqueue, sql } from '#kernel';
import { replyCode } from './codes.ts';
import { ackUrl, inLog, type Way } from './contact.ts';
import type { Called } from './escalation.ts';
import { mayLeave, type Verdict, WINDOW_MS } from './limits.ts';
import { pageMessage } from './messages.ts';
import { logPage, type NewPageEvent, type PageRow } from './store.ts';
import { sendLater, sendTimer } from './timers.ts';

/** How long a page is tried to be sent. */
const LONGEST_TRY_MS = 3_600_000;

export interface Turn {
  page: PageRow;
  number: number;
  waitSeconds: number | null;
  /** What was done so far, for the page's log; written once for everybody called. */
  lines: Line[];
  /** Messages of this turn, sent together at its end by `post`. */
  outbox: { line: Line; to: string; message: SendInput }[];
}
export type Line = Omit<NewPageEvent, 'pageId' | 'at'>;

/** At most so many messages in a quarter of an hour on this channel; undefined: no limit. */
export const limitOf = (channel: string): number | undefined => channelByName(channel).contact?.mostPerQuarterHour;

/** Lets one transaction at a time count and send for these people. Sorted, so that two steps cannot wait for each other. */
export async function lockPeople(db: Db, userIds: string[]): Promise<void> {
  for (const id of [...userIds].sort())
    await sql`select pg_advisory_xact_lock(hashtextextended(${`people.limit:${id}`}, 0))`.execute(db);
}

/** The people among these who have a limited way. */
export const withLimits = (book: Map<string, { ways: Way[] }>): string[] =>
  [...book].filter(([, { ways }]) => ways.some((way) => limitOf(way.channel) !== undefined)).map(([id]) => id);

export const note = (ctx: Ctx, page: Pick<PageRow, 'id'>, line: Line) =>
  logPage(ctx.db, [{ pageId: page.id, at: ctx.now, ...line }]);

/** Calls a person by their ways and rules. Returns the channels that were used at once. */
export async function callByWays(ctx: Ctx, turn: Turn, called: Called, ways: Way[]): Promise<string[]> {
  const { urgency } = turn.page;
  let wanted = ways.filter((way) => way.after[urgency] !== null);
  // Rules may not silence an urgent page.
  if (wanted.length === 0 && urgency === 'high') wanted = ways.map((way) => ({ ...way, after: { high: 0, low: 0 } }));
  if (wanted.length === 0)
    turn.lines.push({
      reason: 'console_only',
      userId: called.userId,
      text: 'By console only, as they asked for pages that are not urgent',
    });
  const now = wanted.filter((way) => way.after[urgency] === 0);
  const otherWay = now.some((way) => limitOf(way.channel) === undefined);
  for (const way of wanted) {
    const minutes = way.after[urgency] ?? 0;
    if (minutes > 0) await hold(ctx, turn, called, way, 'rule', addMs(ctx.now, minutes * 60_000));
    else {
      const verdict = await verdictFor(ctx, turn, called.userId, way.channel, otherWay);
      if (verdict.go) await sendTo(ctx, turn, called, way, verdict.over);
      else await hold(ctx, turn, called, way, 'limit', verdict.until);
    }
  }
  return now.map((way) => way.channel);
}

/** Whether a message about this page may leave for this person by this channel now. */
export async function verdictFor(
  ctx: Ctx,
  { page, lines }: Pick<Turn, 'page' | 'lines'>,
  userId: string,
  channel: string,
  otherWay: boolean,
): Promise<Verdict> {
  const most = limitOf(channel);
  if (most === undefined) return { go: true, over: false };
  const rows = await ctx.db
    .selectFrom('people.pageEvents as e')
    .innerJoin('people.pages as p', 'p.id', 'e.pageId')
    .select(['e.deliveryId', 'e.at', 'p.serviceName', 'p.subjectKind', 'p.subjectId'])
    .where('e.userId', '=', userId)
    .where('e.channel', '=', channel)
    .where('e.reason', '=', 'sent')
    // A busy carrier may have kept a message waiting for as long as a page is tried.
    .where('e.at', '>', addMs(ctx.now, -WINDOW_MS - LONGEST_TRY_MS))
    .execute();
  const left = await departures(
    ctx,
    rows.flatMap(({ deliveryId }) => deliveryId ?? []),
  );
  const sent = [...left.values()];
  // What this turn has just sent is not written yet.
  for (const line of lines)
    if (line.reason === 'sent' && line.userId === userId && line.channel === channel) sent.push(ctx.now);
  const recent = rows.filter(({ at }) => at > addMs(ctx.now, -WINDOW_MS));
  const firstOfService = !recent.some((row) => serviceOf(row) === serviceOf(page));
  return mayLeave({ most, sent, firstOfService, otherWay }, ctx.now);
}

const serviceOf = (page: Pick<PageRow, 'serviceName' | 'subjectKind' | 'subjectId'>) =>
  page.serviceName ?? `${page.subjectKind}:${page.subjectId}`;

/** Puts a message aside until its time and says so in the page's log. */
async function hold(
  ctx: Ctx,
  { page, number, waitSeconds, lines }: Turn,
  called: Called,
  way: Way,
  why: 'rule' | 'limit',
  leavesAt: Date,
): Promise<void> {
  const { userId, because } = called;
  const added = await ctx.db
    .insertInto('people.waitingSends')
    .values({ pageId: page.id, userId, methodId: way.methodId, turn: number, because, waitSeconds, why, leavesAt })
    .onConflict((on) => on.columns(['pageId', 'userId', 'methodId']).doNothing())
    .returning('pageId')
    .executeTakeFirst();
  if (!added) return;
  const at = leavesAt.toISOString();
  const reason = why === 'limit' ? 'delayed_by_limit' : 'delayed_by_rule';
  const text =
    why === 'limit'
      ? `By ${way.channel} to ${inLog(way)}: delayed by limit until ${at} (at most ${limitOf(way.channel)} in 15 minutes)`
      : `By ${way.channel} to ${inLog(way)}: at ${at}, as they asked`;
  lines.push({ reason, userId, channel: way.channel, text });
  await setSendTimer(ctx, userId, way.methodId);
}

/** Sets the timer of a person's way to the first message that waits for it. */
export async function setSendTimer(ctx: Ctx, userId: string, methodId: string): Promise<void> {
  const first = await ctx.db
    .selectFrom('people.waitingSends')
    .select('leavesAt')
    .where('userId', '=', userId)
    .where('methodId', '=', methodId)
    .orderBy('leavesAt')
    .executeTakeFirst();
  if (first)
    await enqueue(ctx, sendLater, { userId, methodId }, { runAt: first.leavesAt, key: sendTimer(userId, methodId) });
}

/** Puts the page for one address into the turn's outbox, with the line that will say that and how. */
export async function sendTo(
  ctx: Ctx,
  { page, number, waitSeconds, lines, outbox }: Turn,
  called: Called,
  way: Way,
  overLimit = false,
): Promise<void> {
  const { title, body, serviceName, link } = page;
  const code = way.channel === 'sms' ? await replyCode(ctx.db, called.userId, page.id, ctx.now) : undefined;
  const unproven = way.proven ? '' : ', although it was never confirmed';
  const over = overLimit ? '; over the limit, as it is the first about this service and their only way' : '';
  const line: Line = {
    userId: called.userId,
    channel: way.channel,
    reason: 'sent',
    text: `Sent by ${way.channel} to ${inLog(way)}${unproven}${over}`,
  };
  lines.push(line);
  outbox.push({
    line,
    to: inLog(way),
    message: {
      channel: way.channel,
      to: way.to,
      purpose: 'page',
      ref: page.id,
      key: `page:${page.id}:${number}:${called.userId}:${way.methodId}`,
      incidentId: page.incidentId,
      essential: way.proven && page.urgency === 'high',
      message: pageMessage({
        pageId: page.id,
        title,
        body,
        serviceName,
        link,
        because: called.because,
        ackUrl: ackUrl(ctx, page.id, called.userId),
        userId: called.userId,
        code,
        waitSeconds,
      }),
    },
  });
}

/** Sends what the turn has put into its outbox, all by one statement. One unusable address does not keep the others from being called. */
export async function post(ctx: Ctx, { outbox }: Pick<Turn, 'outbox'>, fresh = true): Promise<void> {
  if (outbox.length === 0) return;
  // A turn has a number of its own, so its keys are new.
  const results = await sendAll(ctx, { messages: outbox.map((item) => item.message), fresh });
  for (const [n, { line, to }] of outbox.entries()) {
    const result = results[n];
    if (result && 'deliveryId' in result) line.deliveryId = result.deliveryId;
    else {
      line.reason = 'not_delivered';
      line.text = `Could not be sent by ${line.channel} to ${to}: ${result?.problem.message}`;
    }
  }
  outbox.length = 0;
}
