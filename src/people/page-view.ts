/** One page in full: its log, who is next or would have been, and who else is asked about the same thing. */
import { deliveryStates } from '#channels';
import { type Ctx, isId, notFound } from '#kernel';
import { personRefs } from '#security';
import { views } from './page-queries.ts';
import { LAST_RESORT_SECONDS } from './plan.ts';
import { ordersOf } from './rounds.ts';
import type { PageRow } from './store.ts';
import { AFTER_HOLDER, type Start, type Upcoming, upcomingTurns } from './upcoming.ts';
import { resolvePlan } from './who.ts';

/** One page with its log: who was called when, why them, how the messages fared, and who is next. Throws 404. */
export async function pageWithLog(ctx: Ctx, id: string) {
  const row = isId('pag', id)
    ? await ctx.db.selectFrom('people.pages').selectAll().where('id', '=', id).executeTakeFirst()
    : undefined;
  const [page] = row ? await views(ctx, [row]) : [];
  if (!row || !page) throw notFound('Page', id);
  return { ...page, log: await logOf(ctx, id), upcoming: await upcomingOf(ctx, row), others: await othersOf(ctx, row) };
}

async function logOf(ctx: Ctx, pageId: string) {
  const lines = await ctx.db
    .selectFrom('people.pageEvents')
    .selectAll()
    .where('pageId', '=', pageId)
    .orderBy('seq')
    .execute();
  const refs = await personRefs(
    ctx,
    lines.map((line) => line.userId),
  );
  const fates = await deliveryStates(
    ctx,
    lines.flatMap((line) => line.deliveryId ?? []),
  );
  return lines.map(({ at, reason, text, step, round, userId, channel, deliveryId }) => ({
    at: at.toISOString(),
    reason,
    text,
    step,
    round,
    person: refs.get(userId ?? '') ?? null,
    channel,
    delivery: fates.get(deliveryId ?? '') ?? null,
  }));
}

/** The turns to come by the frozen policy and who is on call now; none for a page that calls nobody any more. */
async function upcomingOf(ctx: Ctx, page: PageRow) {
  const taken = page.state === 'acknowledged';
  const quiet = page.urgency === 'low' && page.firstSentAt !== null && !page.nextTurnAt;
  if (!(page.state === 'paging' || taken) || (quiet && !page.wakeAt)) return [];
  const resolved = await resolvePlan(ctx, page.plan, page.firstSentAt !== null, page);
  const start: Omit<Start, 'cursor' | 'at'> = {
    now: ctx.now,
    page,
    orders: await ordersOf(ctx.db, page.plan.policyId),
  };
  if (!taken || !page.wakeAt) {
    const turns = upcomingTurns(page.plan, resolved, { ...start, cursor: page, at: page.nextTurnAt });
    return sayTurns(turns, resolved.people);
  }
  const holderId = page.assigneeId ?? page.acknowledgedBy ?? '';
  const because = page.wakeReason === 'snooze' ? 'the snooze is over' : 'nothing was heard since it was taken';
  const people = await personRefs(ctx, [holderId]);
  const holder: Upcoming = {
    stage: 'holder',
    step: null,
    round: 1,
    at: page.wakeAt,
    people: [{ userId: holderId, because }],
    posts: [],
    notes: [],
  };
  const after = new Date(page.wakeAt.getTime() + LAST_RESORT_SECONDS * 1000);
  const rest = quiet ? [] : upcomingTurns(page.plan, resolved, { ...start, cursor: AFTER_HOLDER, at: after });
  return sayTurns([holder, ...rest], new Map([...resolved.people, ...people]));
}

const sayTurns = (turns: Upcoming[], people: Map<string, { name: string }>) =>
  turns.map(({ people: called, posts, at, ...turn }) => ({
    ...turn,
    at: at?.toISOString() ?? null,
    people: called.map(({ userId, because }) => ({ id: userId, name: people.get(userId)?.name ?? userId, because })),
    told: posts.map(({ name }) => name),
  }));

/** Other pages about the same thing that have not ended, newest first. */
async function othersOf(ctx: Ctx, page: PageRow) {
  const rows = await ctx.db
    .selectFrom('people.pages')
    .selectAll()
    .where('subjectKind', '=', page.subjectKind)
    .where('subjectId', '=', page.subjectId)
    .where('id', '<>', page.id)
    .where('state', '<>', 'stopped')
    .orderBy('id', 'desc')
    .limit(20)
    .execute();
  return views(ctx, rows);
}
