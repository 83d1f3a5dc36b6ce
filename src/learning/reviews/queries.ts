/** Reads reviews for screens: the list, and one with everything the record holds for it. */
import { type Ctx, decodeCursor, encodeCursor, isId, notFound, sql } from '#kernel';
import { personRefs } from '#security';
import { isOpen, isOverdue, isUndecided } from '../actions/model.ts';
import { showActions } from '../actions/queries.ts';
import { type ActionRow, actionKey, actionsOfReview } from '../actions/store.ts';
import { readingsOf } from '../metrics/readings.ts';
import { factorGroups, factors } from '../taxonomy.ts';
import { blameIn } from './blame.ts';
import { isFactor, isReviewOverdue, missingToFinish } from './model.ts';
import type { IncidentRecord } from './prefill.ts';
import { gatherRecord } from './record.ts';
import { sectionNames } from './sections.ts';
import { factorsOf, type FactorNote, type ReviewRow } from './store.ts';

const iso = (at: Date | null) => at?.toISOString() ?? null;

type IncidentRef = { id: string; key: string; title: string; severity: number };

async function incidentsOf(ctx: Pick<Ctx, 'db'>, rows: readonly ReviewRow[]): Promise<Map<string, IncidentRef>> {
  if (rows.length === 0) return new Map();
  const found = await ctx.db
    .selectFrom('incidents.incidents')
    .select(['id', 'key', 'title', 'severity'])
    .where(
      'id',
      'in',
      rows.map((row) => row.incidentId),
    )
    .execute();
  return new Map(found.map((row) => [row.id, row]));
}

async function actionsOf(ctx: Pick<Ctx, 'db'>, rows: readonly ReviewRow[]): Promise<ActionRow[]> {
  if (rows.length === 0) return [];
  return ctx.db
    .selectFrom('learning.actions')
    .selectAll()
    .where(
      'reviewId',
      'in',
      rows.map((row) => row.id),
    )
    .execute();
}

function countActions(actions: readonly ActionRow[], now: Date) {
  return {
    proposed: actions.filter((action) => isUndecided(action.state)).length,
    open: actions.filter((action) => isOpen(action.state)).length,
    overdue: actions.filter((action) => isOverdue(action, now)).length,
    done: actions.filter((action) => action.state === 'done').length,
  };
}

async function summaries(ctx: Pick<Ctx, 'db' | 'now'>, rows: readonly ReviewRow[]) {
  const incidents = await incidentsOf(ctx, rows);
  const actions = await actionsOf(ctx, rows);
  const names = await personRefs(
    ctx,
    rows.flatMap((row) => [row.ownerId, row.facilitatorId]),
  );
  return rows.map((row) => ({
    id: row.id,
    incident: incidents.get(row.incidentId) as IncidentRef,
    exercise: row.exercise,
    form: row.form,
    state: row.state,
    owner: names.get(row.ownerId ?? '') ?? null,
    facilitator: names.get(row.facilitatorId ?? '') ?? null,
    meetingAt: iso(row.meetingAt),
    dueAt: iso(row.dueAt),
    overdue: isReviewOverdue(row, ctx.now),
    openedAt: row.openedAt.toISOString(),
    finishedAt: iso(row.finishedAt),
    loopClosedAt: iso(row.loopClosedAt),
    actions: countActions(
      actions.filter((action) => action.reviewId === row.id),
      ctx.now,
    ),
  }));
}

export interface ReviewFilter {
  limit: number;
  cursor?: string | undefined;
  show: 'open' | 'finished' | 'all';
  incidentId?: string | undefined;
}

/** A page of reviews: open ones with the first due on top, finished ones with the latest on top. */
export async function listReviews(ctx: Pick<Ctx, 'db' | 'now'>, filter: ReviewFilter) {
  const kind = `learning.reviews.${filter.show}`;
  const newestFirst = filter.show !== 'open';
  const direction = newestFirst ? 'desc' : 'asc';
  const place = sql<Date>`coalesce(due_at, opened_at)`;
  let query = ctx.db
    .selectFrom('learning.reviews')
    .selectAll()
    .select(place.as('place'))
    .orderBy('place', direction)
    .orderBy('id', direction)
    .limit(filter.limit + 1);
  if (filter.show === 'open') query = query.where('state', 'in', ['draft', 'scheduled', 'in_review']);
  if (filter.show === 'finished') query = query.where('state', 'in', ['reviewed', 'closed']);
  if (filter.incidentId) query = query.where('incidentId', '=', filter.incidentId);
  if (filter.cursor) {
    const [at, id] = decodeCursor(kind, filter.cursor);
    const after = sql`(${new Date(String(at))}::timestamptz, ${String(id)})`;
    query = query.where(
      newestFirst ? sql<boolean>`(${place}, id) < ${after}` : sql<boolean>`(${place}, id) > ${after}`,
    );
  }
  const rows = await query.execute();
  const page = rows.slice(0, filter.limit);
  const more = rows.length > filter.limit ? page.at(-1) : undefined;
  return { items: await summaries(ctx, page), nextCursor: more ? encodeCursor(kind, [more.place, more.id]) : null };
}

/** One review as a list shows it. 404 when there is none. */
export async function reviewSummary(ctx: Pick<Ctx, 'db' | 'now'>, id: string) {
  const [shown] = await summaries(ctx, [await reviewRow(ctx, id)]);
  return shown as NonNullable<typeof shown>;
}

async function reviewRow(ctx: Pick<Ctx, 'db'>, id: string): Promise<ReviewRow> {
  const row = isId('rev', id)
    ? await ctx.db.selectFrom('learning.reviews').selectAll().where('id', '=', id).executeTakeFirst()
    : undefined;
  if (!row) throw notFound('Review', id);
  return row;
}

const showFactor = ({ code, note }: FactorNote) => {
  const known = isFactor(code) ? factors[code] : undefined;
  return { code, note, label: known?.label ?? code, group: known ? factorGroups[known.group] : '' };
};

/** A review that was finished before questions and timeline were kept with it has none of them. */
const keptSince = (record: Partial<IncidentRecord> | undefined): IncidentRecord | undefined =>
  record && ({ questions: [], timeline: [], ...record } as unknown as IncidentRecord);

/** The whole review: what people wrote, what the record says (live until finished, then as it was), what is missing. */
export async function reviewById(ctx: Pick<Ctx, 'db' | 'now'>, id: string) {
  const row = await reviewRow(ctx, id);
  const actions = await actionsOfReview(ctx, id);
  const named = await factorsOf(ctx, id);
  const record = keptSince(row.frozen?.record) ?? (await gatherRecord(ctx, row.incidentId));
  const sections = Object.fromEntries(sectionNames.map((name) => [name, row.sections[name] ?? '']));
  return {
    ...(await reviewSummary(ctx, id)),
    originalDueAt: iso(row.originalDueAt),
    dueZone: row.dueZone,
    askedBecause: row.askedBecause,
    sections: sections as Record<(typeof sectionNames)[number], string>,
    trigger: row.trigger,
    factors: named.map(showFactor),
    findings: row.findings,
    measures: row.frozen?.measures ?? (await readingsOf(ctx, row.incidentId)),
    record,
    items: await showActions(ctx, actions),
    blame: blameIn({ sections: row.sections, factors: named, findings: row.findings, actions }),
    missing: missingToFinish({
      trigger: row.trigger,
      factorCodes: named.map((factor) => factor.code),
      summary: row.sections.summary ?? '',
      actions: actions.map((action) => ({ key: actionKey(action), state: action.state })),
    }),
    version: row.version,
  };
}

/** The review of an incident, for the modules above and the incident's screen. */
export async function reviewOf(ctx: Pick<Ctx, 'db' | 'now'>, incidentId: string) {
  const { items } = await listReviews(ctx, { limit: 1, show: 'all', incidentId });
  return items[0];
}
