/** Reads of pages for screens and for the modules above. */
import { type Ctx, decodeCursor, encodeCursor, isId, notFound } from '#kernel';
import { personRefs } from '#security';
import { SINK_KEY } from './plan.ts';
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
    priority: page.priority,
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
    assignee: refs.get(page.assigneeId ?? '') ?? null,
    ackTimeoutMinutes: page.ackTimeoutMinutes,
    asksAgainAt: page.state === 'acknowledged' ? iso(page.wakeAt) : null,
    asksAgainWhy: page.state === 'acknowledged' ? page.wakeReason : null,
    endReason: page.endReason,
    exercise: page.exercise,
    createdAt: page.createdAt.toISOString(),
  };
}
export type PageView = ReturnType<typeof shown>;

/** Pages as screens show them. */
export async function views(ctx: Ctx, pages: PageRow[]): Promise<PageView[]> {
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
    ...pages.flatMap((page) => [page.acknowledgedBy, page.assigneeId]),
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
  /** Only pages that called this person or are assigned to them. */
  userId?: string | undefined;
  /** Only pages assigned to this person. */
  assigneeId?: string | undefined;
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
  // What goes into the sink is nobody's page.
  query = query.where('targetKey', '<>', SINK_KEY);
  if (filter.state === 'open') query = query.where('state', 'in', OPEN);
  else if (filter.state !== 'all') query = query.where('state', '=', filter.state);
  if (filter.subjectId) query = query.where('subjectId', '=', filter.subjectId);
  if (filter.cursor) query = query.where('id', '<', String(decodeCursor('people.pages', filter.cursor)[0]));
  const { userId } = filter;
  if (userId)
    query = query.where((eb) =>
      eb.or([
        eb('assigneeId', '=', userId),
        eb('id', 'in', eb.selectFrom('people.pageTargets').select('pageId').where('userId', '=', userId)),
      ]),
    );
  if (filter.assigneeId) query = query.where('assigneeId', '=', filter.assigneeId);
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
    .select((eb) => [
      eb.fn.min('firstSentAt').as('firstSentAt'),
      eb.fn.min('firstAcknowledgedAt').as('firstAcknowledgedAt'),
    ])
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
