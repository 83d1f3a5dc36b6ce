/** Notes which reviews and improvements have become overdue, each once, and tells their owners. */
import { emit } from '#kernel';
import { command } from '#security';
import { tellActionOwner } from '../actions/mails.ts';
import { noteOverdueActions } from '../actions/store.ts';
import { actionOverdue, reviewOverdue } from '../events.ts';
import { tellReviewOwner } from '../reviews/mails.ts';
import { noteOverdueReviews } from '../reviews/store.ts';

export const noteOverdue = command(
  'learning.noteOverdue',
  { allow: 'internal' },
  async (outer, _: Record<string, never>) => {
    const reviews = await noteOverdueReviews(outer);
    for (const review of reviews) {
      const ctx = { ...outer, exercise: review.exercise };
      const about = { reviewId: review.id, incidentId: review.incidentId };
      await emit(ctx, reviewOverdue, about, { subject: review.id, incident: review.incidentId });
      await tellReviewOwner(ctx, review, 'overdue');
    }
    const actions = await noteOverdueActions(outer);
    for (const action of actions) {
      const ctx = { ...outer, exercise: action.exercise };
      const about = { actionId: action.id, reviewId: action.reviewId };
      await emit(ctx, actionOverdue, about, { subject: action.id, incident: action.incidentId });
      await tellActionOwner(ctx, action, 'overdue');
    }
    outer.audit.after = { reviews: reviews.length, actions: actions.length };
    return { reviews: reviews.length, actions: actions.length };
  },
);
