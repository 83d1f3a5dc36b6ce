/** Finishes a review: trigger, factor and a verdict on every proposal are there, and what the record said is frozen with it. */
import { appendEntry } from '#incidents';
import { conflict, emit, json, personOf, Problem } from '#kernel';
import { command } from '#security';
import { actionKey, actionsOfReview } from '../../actions/store.ts';
import { reviewCompleted } from '../../events.ts';
import { readingsOf } from '../../metrics/readings.ts';
import { closeLoopIfEnded } from '../loop.ts';
import { isFinished, missingToFinish } from '../model.ts';
import { gatherRecord } from '../record.ts';
import { factorsOf, lockReview, saveReview } from '../store.ts';

export const finishReview = command(
  'learning.finishReview',
  { allow: 'responder' },
  async (ctx, input: { id: string }) => {
    const review = await lockReview(ctx, input.id);
    if (isFinished(review.state)) throw conflict('This review is finished already', 'learning.review.finished');
    if (!review.ownerId || !review.dueAt) throw conflict('Name an owner first', 'learning.review.owner');
    const factors = await factorsOf(ctx, review.id);
    const actions = await actionsOfReview(ctx, review.id);
    const missing = missingToFinish({
      trigger: review.trigger,
      factorCodes: factors.map((factor) => factor.code),
      summary: review.sections.summary ?? '',
      actions: actions.map((action) => ({ key: actionKey(action), state: action.state })),
    });
    if (missing.length > 0) {
      throw new Problem(409, `The review lacks ${missing.length === 1 ? 'one thing' : `${missing.length} things`}`, {
        rule: 'learning.finish',
        detail: missing.map(({ message }) => message).join('; '),
        errors: missing,
      });
    }
    const record = await gatherRecord(ctx, review.incidentId);
    const finished = await saveReview(ctx, review.id, {
      state: 'reviewed',
      finishedAt: ctx.now,
      finishedBy: personOf(ctx.actor) ?? null,
      frozen: json({ record, measures: await readingsOf(ctx, review.incidentId) }),
    });
    const about = { reviewId: review.id, incidentId: review.incidentId };
    await emit(ctx, reviewCompleted, about, { subject: review.id, incident: review.incidentId });
    await appendEntry(ctx, {
      incidentId: review.incidentId,
      kind: 'review',
      text: `Review finished; ${actions.filter((action) => action.state !== 'rejected').length} improvements follow from it`,
      refs: [{ kind: 'review', id: review.id }],
    });
    await closeLoopIfEnded(ctx, finished);
    ctx.audit.subject = review.id;
    ctx.audit.incident = review.incidentId;
    ctx.audit.after = { trigger: review.trigger, factors: factors.map((factor) => factor.code) };
  },
);
