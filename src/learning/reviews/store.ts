/** Writes and reads rows of reviews. Own tables only. */
import { type Ctx, type Generated, isId, type Json, json, notFound, type Selectable, type Updateable } from '#kernel';
import type { ShownReading } from '../metrics/readings.ts';
import type { ReviewPolicy } from './due.ts';
import type { ReviewState } from './model.ts';
import type { IncidentRecord } from './prefill.ts';
import type { FindingKind, SectionName } from './sections.ts';

export interface Finding {
  kind: FindingKind;
  text: string;
}
export interface FactorNote {
  code: string;
  note: string;
}
/** What the record and the measures said when the review was finished. */
export interface Frozen {
  record: IncidentRecord;
  measures: ShownReading[];
}

interface ReviewsTable {
  id: string;
  incidentId: string;
  exercise: boolean;
  severity: number;
  form: 'full' | 'light';
  askedBy: string | null;
  askedBecause: string | null;
  state: ReviewState;
  ownerId: string | null;
  facilitatorId: string | null;
  meetingAt: Date | null;
  dueAt: Date | null;
  originalDueAt: Date | null;
  dueZone: string;
  policy: Json<ReviewPolicy>;
  sections: Json<Partial<Record<SectionName, string>>>;
  trigger: string | null;
  findings: Json<Finding[]>;
  frozen: Json<Frozen> | null;
  version: Generated<number>;
  openedAt: Date;
  changedAt: Date;
  editedAt: Date | null;
  overdueNotedAt: Date | null;
  finishedAt: Date | null;
  finishedBy: string | null;
  loopClosedAt: Date | null;
}
export type ReviewRow = Selectable<ReviewsTable>;

declare module '#kernel' {
  interface Database {
    'learning.reviews': ReviewsTable;
    'learning.reviewFactors': { reviewId: string; code: string; note: string; position: number };
  }
}

type NewReview = Pick<
  ReviewRow,
  'id' | 'incidentId' | 'severity' | 'form' | 'state' | 'ownerId' | 'dueAt' | 'dueZone' | 'policy' | 'sections'
> & { askedBy?: string | null; askedBecause?: string | null };

/** Opens a review; `undefined` when the incident has one already (the first to arrive wins). */
export async function insertReview(ctx: Ctx, review: NewReview): Promise<ReviewRow | undefined> {
  return ctx.db
    .insertInto('learning.reviews')
    .values({
      ...review,
      policy: json(review.policy),
      sections: json(review.sections),
      findings: json([]),
      exercise: ctx.exercise,
      originalDueAt: review.dueAt,
      openedAt: ctx.now,
      changedAt: ctx.now,
    })
    .onConflict((oc) => oc.column('incidentId').doNothing())
    .returningAll()
    .executeTakeFirst();
}

/** The review, locked until the transaction ends; from here on the context is a drill's if the review is. 404 when there is none. */
export async function lockReview(ctx: Ctx, id: string): Promise<ReviewRow> {
  const row = isId('rev', id)
    ? await ctx.db.selectFrom('learning.reviews').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
    : undefined;
  if (!row) throw notFound('Review', id);
  ctx.exercise = row.exercise;
  return row;
}

/** The incident's review, locked; `undefined` when it has none. */
export function lockReviewOf(ctx: Ctx, incidentId: string): Promise<ReviewRow | undefined> {
  return ctx.db
    .selectFrom('learning.reviews')
    .selectAll()
    .where('incidentId', '=', incidentId)
    .forUpdate()
    .executeTakeFirst();
}

/** Saves a change; the version counts up. */
export function saveReview(ctx: Ctx, id: string, change: Updateable<ReviewsTable>): Promise<ReviewRow> {
  return ctx.db
    .updateTable('learning.reviews')
    .set((eb) => ({ ...change, version: eb('version', '+', 1), changedAt: ctx.now }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

export const factorsOf = (ctx: Pick<Ctx, 'db'>, reviewId: string): Promise<FactorNote[]> =>
  ctx.db
    .selectFrom('learning.reviewFactors')
    .select(['code', 'note'])
    .where('reviewId', '=', reviewId)
    .orderBy('position')
    .execute();

export async function replaceFactors(ctx: Ctx, reviewId: string, factors: readonly FactorNote[]): Promise<void> {
  await ctx.db.deleteFrom('learning.reviewFactors').where('reviewId', '=', reviewId).execute();
  if (factors.length === 0) return;
  await ctx.db
    .insertInto('learning.reviewFactors')
    .values(factors.map(({ code, note }, position) => ({ reviewId, code, note, position })))
    .execute();
}

/** Marks the reviews that have become overdue, each once, and returns them. */
export function noteOverdueReviews(ctx: Ctx): Promise<ReviewRow[]> {
  return ctx.db
    .updateTable('learning.reviews')
    .set({ overdueNotedAt: ctx.now })
    .where('overdueNotedAt', 'is', null)
    .where('state', 'in', ['draft', 'scheduled', 'in_review'])
    .where('dueAt', '<=', ctx.now)
    .returningAll()
    .execute();
}
