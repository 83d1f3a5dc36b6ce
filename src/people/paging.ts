/** One turn of a page: decide, call, write down, set the next timer. Runs inside a command's transaction. */
import { withdraw } from '#channels';
import { addMs, type Ctx, cancelJob, emit, emitAll, enqueue } from '#kernel';
import type { Person } from '#security';
import { leaveBundles } from './bundles.ts';
import { callByWays, lockPeople, note, type Turn, withLimits } from './calling.ts';
import { methodsOf, type Way, waysToReach } from './contact.ts';
import { type Called, nextTurn } from './escalation.ts';
import { pageAcknowledged, pageEscalated, pageNotified, pageUnanswered } from './events.ts';
import { countTargets, logPage, type PageRow, savePageTurn, takePage } from './store.ts';
import { escalateLater, pageTimer } from './timers.ts';
import { resolvePlan } from './who.ts';

const subjectOf = (page: PageRow) => ({
  kind: page.subjectKind,
  id: page.subjectId,
});
const about = (page: PageRow) => ({
  subject: page.id,
  incident: page.incidentId,
});

/** Calls the next people. The caller holds the row's lock and has seen that the page is still paging. */
export async function takeTurn(ctx: Ctx, page: PageRow): Promise<void> {
  const resolved = await resolvePlan(ctx, page.plan, page.firstSentAt !== null);
  const turn = nextTurn(page.plan, page, resolved);
  const number = page.turn + 1;
  // A low-urgency page calls once and waits without a clock: nobody is woken for a warning.
  const waitSeconds = page.urgency === 'low' ? null : turn.waitSeconds;
  const book = turn.call.length > 0 ? await openBook(ctx, turn.call, resolved.people) : new Map<string, Reach>();
  await lockPeople(ctx.db, withLimits(book));
  const taking: Taking = { page, number, waitSeconds, lines: [...turn.log], notices: [] };
  for (const person of turn.call) await callPerson(ctx, taking, person, book.get(person.userId));
  await countTargets(ctx.db, page.id, [...book.keys()], ctx.now);
  await logPage(
    ctx.db,
    taking.lines.map((line) => ({ pageId: page.id, at: ctx.now, ...line })),
  );
  await emitAll(ctx, pageNotified, taking.notices, about(page));
  const nextTurnAt = waitSeconds === null ? null : addMs(ctx.now, waitSeconds * 1000);
  await savePageTurn(ctx.db, page.id, number, turn.cursor, {
    state: turn.unanswered ? 'unanswered' : 'paging',
    nextTurnAt,
    firstSentAt: page.firstSentAt ?? (turn.call.length > 0 ? ctx.now : null),
  });
  if (nextTurnAt)
    await enqueue(
      ctx,
      escalateLater,
      { pageId: page.id, turn: number },
      { runAt: nextTurnAt, key: pageTimer(page.id) },
    );
  if (page.turn > 0 && turn.call.length > 0) {
    const text = turn.log.at(-1)?.text ?? '';
    await emit(ctx, pageEscalated, { pageId: page.id, subject: subjectOf(page), ...turn.cursor, text }, about(page));
  }
  if (turn.unanswered)
    await emit(
      ctx,
      pageUnanswered,
      { pageId: page.id, subject: subjectOf(page), at: ctx.now.toISOString() },
      about(page),
    );
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

/** The people of a turn and how to reach them, looked up once for all of them. */
async function openBook(ctx: Ctx, call: Called[], known: Map<string, Person>): Promise<Map<string, Reach>> {
  const methods = await methodsOf(
    ctx.db,
    call.map((called) => called.userId),
  );
  return new Map(
    call.flatMap(({ userId }) => {
      const person = known.get(userId);
      return person ? [[userId, { person, ways: waysToReach(person, methods.get(userId) ?? []) }] as const] : [];
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
