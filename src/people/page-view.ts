/** One page in full: its log, who is next or would have been, and who else is asked about the same thing. */
import { deliveryStates } from '#channels';
import { type Ctx, isId, notFound } from '#kernel';
import { personRefs } from '#security';
import { views } from './page-queries.ts';
import { ordersOf } from './rounds.ts';
import type { PageRow } from './store.ts';
import { type Upcoming, upcomingTurns } from './upcoming.ts';
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

/** The turns to come by the frozen policy and who is on call now; without times when somebody has it; none once nobody is called any more. */
async function upcomingOf(ctx: Ctx, page: PageRow) {
  const quiet = page.urgency === 'low' && page.firstSentAt !== null;
  if (quiet || (page.state !== 'paging' && page.state !== 'acknowledged')) return [];
  const resolved = await resolvePlan(ctx, page.plan, page.firstSentAt !== null, page);
  const orders = await ordersOf(ctx.db, page.plan.policyId);
  const start = { cursor: page, at: page.nextTurnAt, now: ctx.now, page, orders };
  return sayTurns(upcomingTurns(page.plan, resolved, start), resolved.people);
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
