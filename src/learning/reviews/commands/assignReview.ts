/** Names who owns and who leads a review, sets the meeting, and moves its due time with a reason that stays visible. */
import { conflict, emit, invalid, notFound } from '#kernel';
import { command, userById } from '#security';
import { reviewChanged } from '../../events.ts';
import { tellReviewOwner } from '../mails.ts';
import { isFinished, stateWithOwner } from '../model.ts';
import { settleGate } from '../opening.ts';
import { lockReview, saveReview } from '../store.ts';

interface AssignReview {
  id: string;
  ownerId?: string | undefined;
  facilitatorId?: string | null | undefined;
  meetingAt?: Date | null | undefined;
  dueAt?: Date | undefined;
  reason?: string | undefined;
}

export const assignReview = command(
  'learning.assignReview',
  { allow: 'responder' },
  async (ctx, input: AssignReview) => {
    const review = await lockReview(ctx, input.id);
    if (isFinished(review.state)) throw conflict('This review is finished', 'learning.review.finished');
    for (const id of [input.ownerId, input.facilitatorId]) {
      if (id && !(await userById(ctx, id))?.active) throw notFound('Person', id);
    }
    const moved = input.dueAt && review.dueAt && input.dueAt > review.dueAt;
    if (moved && !input.reason) {
      throw invalid('Say why the review is due later', 'learning.due.reason', [
        { path: 'reason', message: 'a later due time needs a reason' },
      ]);
    }
    const ownerId = input.ownerId ?? review.ownerId;
    const dueAt = input.dueAt ?? review.dueAt;
    const saved = await saveReview(ctx, review.id, {
      ownerId,
      dueAt,
      facilitatorId: input.facilitatorId === undefined ? review.facilitatorId : input.facilitatorId,
      meetingAt: input.meetingAt === undefined ? review.meetingAt : input.meetingAt,
      state: stateWithOwner(review.state, ownerId, dueAt),
      // A new time is a new promise: it may become overdue once more.
      overdueNotedAt: input.dueAt && input.dueAt > ctx.now ? null : review.overdueNotedAt,
      editedAt: review.editedAt ?? ctx.now,
    });
    await settleGate(ctx, saved);
    const about = { reviewId: saved.id, incidentId: saved.incidentId };
    await emit(ctx, reviewChanged, about, { subject: saved.id, incident: saved.incidentId });
    if (ownerId && ownerId !== review.ownerId) await tellReviewOwner(ctx, saved, 'assigned');
    ctx.audit.subject = review.id;
    ctx.audit.incident = review.incidentId;
    ctx.audit.reason = input.reason;
    ctx.audit.before = { ownerId: review.ownerId, dueAt: review.dueAt, meetingAt: review.meetingAt };
    ctx.audit.after = { ownerId, dueAt, meetingAt: saved.meetingAt };
  },
);
