/** Ends an improvement one way or another: done, rejected. The last of a finished review ends its loop. */
import { type Ctx, conflict, emit, type EventDefinition, personOf } from '#kernel';
import { closeLoopIfEnded } from '../reviews/loop.ts';
import { lockReview } from '../reviews/store.ts';
import { mayBecome } from './model.ts';
import { actionKey, lockAction, saveAction } from './store.ts';

type Settled = 'done' | 'rejected';

/** The review is locked before the action, always in this order, so that two settlements at once both see the last one. */
async function lockBoth(ctx: Ctx, id: string) {
  const peek = await ctx.db.selectFrom('learning.actions').select('reviewId').where('id', '=', id).executeTakeFirst();
  const review = peek?.reviewId ? await lockReview(ctx, peek.reviewId) : undefined;
  return { review, action: await lockAction(ctx, id) };
}

/** Settles the action with a note. 409 when it can not become that any more. */
export async function settle(
  ctx: Ctx,
  input: { id: string; to: Settled; note: string },
  event: EventDefinition<{ actionId: string; reviewId: string | null }>,
) {
  const { review, action } = await lockBoth(ctx, input.id);
  if (!mayBecome(action.state, input.to)) {
    const words = action.state === 'proposed' ? 'is only proposed: confirm it first' : `is ${action.state} already`;
    throw conflict(`${actionKey(action)} ${words}`, 'learning.action.state');
  }
  const saved = await saveAction(ctx, action.id, {
    state: input.to,
    settledAt: ctx.now,
    settledBy: personOf(ctx.actor) ?? ctx.actor.id,
    settledNote: input.note,
  });
  const about = { actionId: saved.id, reviewId: saved.reviewId };
  await emit(ctx, event, about, { subject: saved.id, incident: saved.incidentId });
  if (review) await closeLoopIfEnded(ctx, review);
  ctx.audit.subject = saved.id;
  ctx.audit.before = { state: action.state };
  ctx.audit.after = { state: saved.state, note: input.note };
  return { id: saved.id };
}
