/** Learning: the review of an incident, the improvements that follow from it, and figures over many incidents. */
import { defineModule } from '#kernel';
import { changesFrom } from '#comms';
import { exportSection, learnedFrom } from '#incidents';
import { changesSince } from './actions/since.ts';
import { fingerprintsOf } from './reviews/fingerprints.ts';
import { reviewOf } from './reviews/queries.ts';
import { amendAction } from './actions/commands/amendAction.ts';
import { completeAction } from './actions/commands/completeAction.ts';
import { confirmAction } from './actions/commands/confirmAction.ts';
import { proposeAction } from './actions/commands/proposeAction.ts';
import { rejectAction } from './actions/commands/rejectAction.ts';
import { startAction } from './actions/commands/startAction.ts';
import { noteOverdue } from './commands/noteOverdue.ts';
import { events } from './events.ts';
import { sweepOverdue } from './jobs.ts';
import { recomputeCase } from './metrics/commands/recomputeCase.ts';
import { reactions } from './reactions.ts';
import { assignReview } from './reviews/commands/assignReview.ts';
import { editReview } from './reviews/commands/editReview.ts';
import { finishReview } from './reviews/commands/finishReview.ts';
import { openReview } from './reviews/commands/openReview.ts';
import { requestReview } from './reviews/commands/requestReview.ts';
import { routes } from './routes.ts';
import { reviewPolicy } from './settings.ts';

export { amendAction } from './actions/commands/amendAction.ts';
export { completeAction } from './actions/commands/completeAction.ts';
export { confirmAction } from './actions/commands/confirmAction.ts';
export { proposeAction } from './actions/commands/proposeAction.ts';
export { rejectAction } from './actions/commands/rejectAction.ts';
export { startAction } from './actions/commands/startAction.ts';
export type { ActionState, ActionType } from './actions/model.ts';
export { countActions, listActions } from './actions/queries.ts';
export { actionConfirmed, actionDone, actionOverdue, loopClosed, reviewCompleted, reviewCreated } from './events.ts';
export { recomputeCase } from './metrics/commands/recomputeCase.ts';
export { type Case, type MeasureId, measures, report } from './metrics/model.ts';
export { metricsOf } from './metrics/queries.ts';
export { assignReview } from './reviews/commands/assignReview.ts';
export { editReview } from './reviews/commands/editReview.ts';
export { finishReview } from './reviews/commands/finishReview.ts';
export { openReview } from './reviews/commands/openReview.ts';
export { listReviews, reviewById } from './reviews/queries.ts';
export { reviewOf };
export type { FactorCode, Trigger } from './taxonomy.ts';

learnedFrom(fingerprintsOf);
changesFrom(changesSince);
exportSection('review', async (ctx, incidentId) => (await reviewOf(ctx, incidentId)) ?? null);

export const module = defineModule({
  name: 'learning',
  commands: [
    ...[openReview, requestReview, assignReview, editReview, finishReview],
    ...[proposeAction, confirmAction, rejectAction, startAction, completeAction, amendAction],
    ...[recomputeCase, noteOverdue],
  ],
  events,
  reactions,
  jobs: [sweepOverdue],
  settings: [reviewPolicy],
  routes,
});
