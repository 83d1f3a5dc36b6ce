/** Proposes an improvement: out of a review, out of a drill, or because somebody had an idea. */
import { type Ctx, conflict, emit, json, newId, personOf } from '#kernel';
import { command } from '#security';
import { actionProposed } from '../../events.ts';
import { isFinished } from '../../reviews/model.ts';
import { lockReview } from '../../reviews/store.ts';
import { checkDay, checkOwner } from '../checks.ts';
import type { ActionType } from '../model.ts';
import { actionKey, insertAction } from '../store.ts';

export interface ProposeAction {
  reviewId?: string | undefined;
  title: string;
  detail?: string | undefined;
  type?: ActionType | undefined;
  strength?: number | undefined;
  ownerId?: string | undefined;
  dueOn?: string | undefined;
}

async function openReviewOf(ctx: Ctx, reviewId: string | undefined) {
  if (!reviewId) return undefined;
  const review = await lockReview(ctx, reviewId);
  if (!isFinished(review.state)) return review;
  throw conflict(
    'This review is finished',
    'learning.review.finished',
    'Propose the improvement on the board; it will stand on its own.',
  );
}

export const proposeAction = command(
  'learning.proposeAction',
  { allow: 'responder' },
  async (ctx, input: ProposeAction) => {
    const review = await openReviewOf(ctx, input.reviewId);
    await checkOwner(ctx, input.ownerId);
    const due = input.dueOn ? await checkDay(ctx, input.dueOn) : { dueOn: null, dueZone: null, dueAt: null };
    const row = await insertAction(ctx, {
      id: newId('imp'),
      reviewId: review?.id ?? null,
      incidentId: review?.incidentId ?? null,
      exercise: ctx.exercise,
      title: input.title,
      detail: input.detail ?? '',
      type: input.type ?? null,
      strength: input.strength ?? null,
      state: 'proposed',
      ownerId: input.ownerId ?? null,
      ...due,
      originalDueOn: due.dueOn,
      dueMoves: json([]),
      proposedBy: personOf(ctx.actor) ?? ctx.actor.id,
      proposedAt: ctx.now,
    });
    const about = { actionId: row.id, reviewId: row.reviewId };
    await emit(ctx, actionProposed, about, { subject: row.id, incident: row.incidentId });
    ctx.audit.subject = row.id;
    ctx.audit.after = { key: actionKey(row), title: row.title };
    return { id: row.id };
  },
);
