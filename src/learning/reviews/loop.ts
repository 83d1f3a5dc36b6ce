/** Ends the loop of a review when nothing is left to decide or to do. */
import { appendEntry } from '#incidents';
import { type Ctx, emit } from '#kernel';
import { loopHasEnded } from '../actions/model.ts';
import { actionsOfReview } from '../actions/store.ts';
import { loopClosed } from '../events.ts';
import { isFinished } from './model.ts';
import { type ReviewRow, saveReview } from './store.ts';

/** Call inside the command that settled something. True when this was the last. */
export async function closeLoopIfEnded(ctx: Ctx, review: ReviewRow): Promise<boolean> {
  if (review.state === 'closed') return false;
  const actions = await actionsOfReview(ctx, review.id);
  const states = actions.map((action) => action.state);
  if (!loopHasEnded(isFinished(review.state), states)) return false;
  await saveReview(ctx, review.id, { state: 'closed', loopClosedAt: ctx.now });
  const about = { reviewId: review.id, incidentId: review.incidentId };
  await emit(ctx, loopClosed, about, { subject: review.id, incident: review.incidentId });
  const done = states.filter((state) => state === 'done').length;
  await appendEntry(ctx, {
    incidentId: review.incidentId,
    kind: 'review',
    text:
      done > 0
        ? `The loop is closed: every improvement is settled, ${done} of ${states.length} done`
        : 'The loop is closed: the review asked for no improvement',
    refs: [{ kind: 'review', id: review.id }],
  });
  return true;
}
