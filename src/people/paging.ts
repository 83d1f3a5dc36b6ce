/** One turn of a page: decide, call, write down, set the next timer. Runs inside a command's transaction. */
import { withdraw } from '#channels';
import { addMs, type Ctx, cancelJob, emit, emitAll, enqueue } from '#kernel';
import { type Person, userById } from '#security';
import { leaveBundles } from './bundles.ts';
import { callByWays, lockPeople, note, post, type Turn, withLimits } from './calling.ts';
import { methodsOf, type Way, waysToReach } from './contact.ts';
import { playersNow } from './enrolled.ts';
import { askHolder, type Called, nextTurn, type Turn as Decided } from './escalation.ts';
import { pageAcknowledged, pageEscalated, pageNotified, pageUnanswered } from './events.ts';
import { tellOutcome, tellPosts } from './posting.ts';
import { takeRound } from './rounds.ts';
import { insertPage, logTurn, type PageRow, savePageTurn, takePage } from './store.ts';
import { escalateLater, pageTimer } from './timers.ts';
import { type PlanPeople, resolvePlan } from './who.ts';

const subjectOf = (page: PageRow) => ({
  kind: page.subjectKind,
  id: page.subjectId,
});
const about = (page: PageRow) => ({
  subject: page.id,
  incident: page.incidentId,
});

/** Who is asked before the policy goes on, and why, for the log. */
export interface Ask {
  userId: string;
  because: string;
  why: string;
}

/** What the caller of a turn knows already. */
export interface Known {
  /** Who could be called, asked a moment ago. */
  looked?: Promise<PlanPeople>;
  /** Nobody has seen this page yet: it is written with its first turn. */
  unwritten?: boolean;
  ask?: Ask | undefined;
}

/** Calls the next people, or the one to `ask`. The caller holds the row's lock and has seen that the page is still paging. */
export async function takeTurn(ctx: Ctx, page: PageRow, { ask, looked, unwritten = false }: Known = {}): Promise<void> {
  const { turn, call, people, methods } = await decide(ctx, page, ask, looked);
  const number = page.turn + 1;
  // A low-urgency page calls somebody once and waits without a clock: nobody is woken for a warning.
  const somebody = page.firstSentAt !== null || call.length > 0;
  const waitSeconds = page.urgency === 'low' && somebody ? null : turn.waitSeconds;
  const nextTurnAt = turn.resumeAt ?? (waitSeconds === null ? null : addMs(ctx.now, waitSeconds * 1000));
  const after: PageRow = {
    ...page,
    ...turn.cursor,
    turn: number,
    state: turn.unanswered ? 'unanswered' : 'paging',
    nextTurnAt,
    firstSentAt: page.firstSentAt ?? (call.length > 0 ? ctx.now : null),
  };
  await (unwritten ? insertPage(ctx.db, after) : savePageTurn(ctx.db, after));
  const book = call.length > 0 ? await openBook(ctx, call, { people, methods }) : new Map<string, Reach>();
  await lockPeople(ctx.db, withLimits(book));
  const taking: Taking = { page, number, waitSeconds, lines: [...turn.log], outbox: [], notices: [] };
  for (const person of call) await callPerson(ctx, taking, person, book.get(person.userId));
  await post(ctx, taking);
  if (turn.posts.length > 0) {
    const called = call.flatMap(({ userId }) => people.get(userId)?.name ?? []);
    const headline = called.length > 0 ? `${called.join(', ')} called` : 'A page needs somebody';
    const news = { type: 'page.sent' as const, headline, once: String(number), called };
    taking.lines.push(...(await tellPosts(ctx, page, turn.posts, news)));
  }
  // The log of pages is for ever; what the watchdog does every minute is not.
  const log = page.plan.sink ? [] : taking.lines;
  if (log.length + book.size > 0) await logTurn(ctx.db, page.id, [...book.keys()], ctx.now, log);
  await emitAll(ctx, pageNotified, taking.notices, about(page));
  if (nextTurnAt) await setPageTimer(ctx, page.id, number, nextTurnAt);
  await announceTurn(ctx, page, number, turn, call.length + turn.posts.length > 0);
}

/** Sets the one timer of a page; an earlier one is replaced. */
export const setPageTimer = (ctx: Ctx, pageId: string, turn: number, runAt: Date) =>
  enqueue(ctx, escalateLater, { pageId, turn }, { runAt, key: pageTimer(pageId) });

interface Decision extends Pick<PlanPeople, 'people' | 'methods'> {
  turn: Decided;
  call: Called[];
}

async function decide(
  ctx: Ctx,
  page: PageRow,
  ask: Ask | undefined,
  looked: Promise<PlanPeople> | undefined,
): Promise<Decision> {
  const asked = ask && (await userById(ctx, ask.userId));
  const plays = !ctx.exercise || (asked !== undefined && (await playersNow(ctx)).includes(asked.id));
  if (ask && asked?.active && plays) {
    const turn = askHolder(ask, ask.why);
    return { turn, call: turn.call, people: new Map([[asked.id, asked]]), methods: new Map() };
  }
  const from = ask ? { stage: 'holder' as const, step: -1, round: 1 } : page;
  const resolved = await (looked ?? resolvePlan(ctx, page.plan, page.firstSentAt !== null, page));
  const turn = nextTurn(page.plan, from, resolved);
  const { policyId } = page.plan;
  const call = turn.oneOf && policyId ? await takeRound(ctx.db, policyId, turn.cursor.step, turn.call) : turn.call;
  return { turn, call, people: resolved.people, methods: resolved.methods };
}

const HEADLINES = new Set(['escalated', 'repeat', 'holder', 'team_leads', 'emergency_contact']);

async function announceTurn(ctx: Ctx, page: PageRow, number: number, turn: Decided, told: boolean): Promise<void> {
  const what = { pageId: page.id, subject: subjectOf(page) };
  if (page.turn > 0 && told) {
    const text = (turn.log.findLast(({ reason }) => HEADLINES.has(reason)) ?? turn.log.at(-1))?.text ?? '';
    await emit(ctx, pageEscalated, { ...what, ...turn.cursor, turn: number, text }, about(page));
  }
  if (turn.unanswered) await emit(ctx, pageUnanswered, { ...what, at: ctx.now.toISOString() }, about(page));
}

interface Taking extends Turn {
  /** For those who listen; written once for everybody called. */
  notices: Notice[];
}
type Notice = ReturnType<typeof pageNotified.payload.parse>;

interface Reach {
  person: Person;
  ways: Way[];
}

/** The people of a turn and how to reach them; looked up once for all of them, mostly with the plan already. */
async function openBook(
  ctx: Ctx,
  call: Called[],
  { people, methods }: Pick<PlanPeople, 'people' | 'methods'>,
): Promise<Map<string, Reach>> {
  const missing = call.map((called) => called.userId).filter((id) => !methods.has(id));
  const more = await methodsOf(ctx.db, missing);
  return new Map(
    call.flatMap(({ userId }) => {
      const person = people.get(userId);
      const own = methods.get(userId) ?? more.get(userId) ?? [];
      return person ? [[userId, { person, ways: waysToReach(person, own) }] as const] : [];
    }),
  );
}

/** Calls one person on every way we have; the console always shows it too. */
async function callPerson(ctx: Ctx, turn: Taking, called: Called, reach: Reach | undefined): Promise<void> {
  const { page } = turn;
  if (!reach) return;
  const { person, ways } = reach;
  turn.lines.push({
    reason: 'called',
    userId: person.id,
    channel: 'console',
    text: `${person.name} is called: ${called.because}`,
  });
  const channels = await callByWays(ctx, turn, called, ways);
  const at = ctx.now.toISOString();
  for (const channel of new Set(['console', ...channels]))
    turn.notices.push({ pageId: page.id, subject: subjectOf(page), userId: person.id, channel, at });
}

/**
 * Gives an open page to a person: stops the timer, takes back what was not sent, announces it. Returns undefined when
 * somebody was first or the page has ended; the race is decided by one update.
 */
export async function givePage(
  ctx: Ctx,
  pageId: string,
  person: { id: string; name: string },
  via: string,
): Promise<PageRow | undefined> {
  const page = await takePage(ctx.db, pageId, person.id, via, ctx.now);
  if (!page) return undefined;
  ctx.exercise = page.exercise;
  const withdrawn = await quieten(ctx, page.id, `${person.name} has taken it`);
  const more =
    withdrawn > 0 ? `; ${withdrawn} unsent ${withdrawn === 1 ? 'message was' : 'messages were'} taken back` : '';
  await note(ctx, page, {
    reason: 'stopped_acknowledged',
    userId: person.id,
    channel: via,
    text: `${person.name} has taken the page (${via})${more}`,
  });
  if (page.wakeAt) await setPageTimer(ctx, page.id, page.turn, page.wakeAt);
  await tellOutcome(ctx, page, {
    type: 'page.acknowledged',
    headline: `${person.name} has taken it`,
    once: `taken:${page.turn}:${person.id}`,
    by: { id: person.id, name: person.name },
  });
  const at = ctx.now.toISOString();
  await emit(
    ctx,
    pageAcknowledged,
    { pageId: page.id, subject: subjectOf(page), userId: person.id, at, via },
    about(page),
  );
  return page;
}

/** Stops the timer and takes back every unsent message of a page. Returns how many there were. */
export async function quieten(ctx: Ctx, pageId: string, reason: string): Promise<number> {
  await cancelJob(ctx, pageTimer(pageId));
  await ctx.db.deleteFrom('people.waitingSends').where('pageId', '=', pageId).execute();
  const { withdrawn } = await withdraw(ctx, { ref: pageId, reason });
  return withdrawn + (await leaveBundles(ctx, pageId, reason));
}
