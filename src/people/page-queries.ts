/** Reads of pages for screens and for the modules above. */
import { deliveryStates } from '#channels';
import { type Ctx, decodeCursor, encodeCursor, isId, notFound } from '#kernel';
import { personRefs } from '#security';
import type { PageRow, PageState } from './store.ts';

const iso = (at: Date | null) => at?.toISOString() ?? null;
type Refs = Map<string, { id: string; name: string }>;
const OPEN: PageState[] = ['paging', 'unanswered'];

function shown(page: PageRow, called: string[], refs: Refs) {
  return {
    id: page.id,
    subject: { kind: page.subjectKind, id: page.subjectId },
    incidentId: page.incidentId,
    title: page.title,
    body: page.body,
    urgency: page.urgency,
    serviceName: page.serviceName,
    link: page.link,
    policyName: page.plan.name,
    state: page.state,
    step: page.step,
    round: page.round,
    nextStepAt: page.state === 'paging' ? iso(page.nextTurnAt) : null,
    called: called.flatMap((id) => refs.get(id) ?? []),
    acknowledgedBy: refs.get(page.acknowledgedBy ?? '') ?? null,
    acknowledgedAt: iso(page.acknowledgedAt),
    acknowledgedVia: page.acknowledgedVia,
    endReason: page.endReason,
    exercise: page.exercise,
    createdAt: page.createdAt.toISOString(),
  };
}
export type PageView = ReturnType<typeof shown>;

async function views(ctx: Ctx, pages: PageRow[]): Promise<PageView[]> {
  const ids = ['', ...pages.map((page) => page.id)];
  const targets = await ctx.db
    .selectFrom('people.pageTargets')
    .select(['pageId', 'userId'])
    .where('pageId', 'in', ids)
    .orderBy('firstPagedAt')
    .orderBy('userId')
    .execute();
  const refs = await personRefs(ctx, [
    ...targets.map((target) => target.userId),
    ...pages.map((page) => page.acknowledgedBy),
  ]);
  return pages.map((page) =>
    shown(
      page,
      targets.filter((target) => target.pageId === page.id).map((target) => target.userId),
      refs,
    ),
  );
}

export interface PageFilter {
  limit: number;
  cursor?: string | undefined;
  state: 'open' | 'all' | PageState;
  /** Only pages that called this person. */
  userId?: string | undefined;
  /** Only pages about this id. */
  subjectId?: string | undefined;
}

/** A page of pages, newest first. */
export async function listPages(ctx: Ctx, filter: PageFilter) {
  let query = ctx.db
    .selectFrom('people.pages')
    .selectAll()
    .orderBy('id', 'desc')
    .limit(filter.limit + 1);
  if (filter.state === 'open') query = query.where('state', 'in', OPEN);
  else if (filter.state !== 'all') query = query.where('state', '=', filter.state);
  if (filter.subjectId) query = query.where('subjectId', '=', filter.subjectId);
  if (filter.cursor) query = query.where('id', '<', String(decodeCursor('people.pages', filter.cursor)[0]));
  const { userId } = filter;
  if (userId)
    query = query.where('id', 'in', (eb) =>
      eb.selectFrom('people.pageTargets').select('pageId').where('userId', '=', userId),
    );
  const rows = await query.execute();
  const items = rows.slice(0, filter.limit);
  const last = rows.length > filter.limit ? items.at(-1) : undefined;
  return {
    items: await views(ctx, items),
    nextCursor: last ? encodeCursor('people.pages', [last.id]) : null,
  };
}

/** Pages nobody has taken yet; with `userId` only those that called this person. */
export async function openPages(ctx: Ctx, filter: { userId?: string } = {}): Promise<PageView[]> {
  return (await listPages(ctx, { limit: 200, state: 'open', userId: filter.userId })).items;
}

/** One page without its log. Throws 404. */
export async function pageById(ctx: Ctx, id: string): Promise<PageView> {
  const row = isId('pag', id)
    ? await ctx.db.selectFrom('people.pages').selectAll().where('id', '=', id).executeTakeFirst()
    : undefined;
  const [page] = row ? await views(ctx, [row]) : [];
  if (!page) throw notFound('Page', id);
  return page;
}

/** One page with its log: who was called when, why them, and how the messages fared. Throws 404. */
export async function pageWithLog(ctx: Ctx, id: string) {
  const page = await pageById(ctx, id);
  const lines = await ctx.db
    .selectFrom('people.pageEvents')
    .selectAll()
    .where('pageId', '=', id)
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
  return {
    ...page,
    log: lines.map(({ at, reason, text, step, round, userId, channel, deliveryId }) => ({
      at: at.toISOString(),
      reason,
      text,
      step,
      round,
      person: refs.get(userId ?? '') ?? null,
      channel,
      delivery: fates.get(deliveryId ?? '') ?? null,
    })),
  };
}

export interface PageTimes {
  firstSentAt: Date | null;
  firstAcknowledgedAt: Date | null;
}

/** For each subject the first page sent and the first human acknowledgement (domain 2.5, TTA), keyed `kind:id`. Drills are left out unless asked for. */
export async function pageTimes(
  ctx: Pick<Ctx, 'db'>,
  subjects: { kind: string; id: string }[],
  options: { exercise?: boolean } = {},
): Promise<Map<string, PageTimes>> {
  const times = new Map<string, PageTimes>();
  if (subjects.length === 0) return times;
  const rows = await ctx.db
    .selectFrom('people.pages')
    .select(['subjectKind', 'subjectId'])
    .select((eb) => [eb.fn.min('firstSentAt').as('firstSentAt'), eb.fn.min('acknowledgedAt').as('firstAcknowledgedAt')])
    .where(
      'subjectId',
      'in',
      subjects.map((subject) => subject.id),
    )
    .where('exercise', '=', options.exercise ?? false)
    .groupBy(['subjectKind', 'subjectId'])
    .execute();
  for (const { subjectKind, subjectId, firstSentAt, firstAcknowledgedAt } of rows)
    times.set(`${subjectKind}:${subjectId}`, {
      firstSentAt,
      firstAcknowledgedAt,
    });
  return times;
}
