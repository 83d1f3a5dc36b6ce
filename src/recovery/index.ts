/** Recovery: proof that the service is back, before anybody says so. The public face. */
import { defineModule } from '#kernel';
import { exportSection } from '#incidents';
import { recoveryOf } from './queries.ts';
import { addCriterion } from './commands/addCriterion.ts';
import { adoptReadiness } from './commands/adoptReadiness.ts';
import { endPlan } from './commands/endPlan.ts';
import { judgeReadiness } from './commands/judgeReadiness.ts';
import { openPlan } from './commands/openPlan.ts';
import { removeCriterion } from './commands/removeCriterion.ts';
import { setSoak } from './commands/setSoak.ts';
import { acknowledgeFailure } from './commands/acknowledgeFailure.ts';
import { advanceCourse } from './commands/advanceCourse.ts';
import { beginWatch } from './commands/beginWatch.ts';
import { closeUp } from './commands/closeUp.ts';
import { confirmShift } from './commands/confirmShift.ts';
import { endCourse } from './commands/endCourse.ts';
import { noteShift } from './commands/noteShift.ts';
import { noteWatch } from './commands/noteWatch.ts';
import { passGate } from './commands/passGate.ts';
import { pauseCourse } from './commands/pauseCourse.ts';
import { reportScan } from './commands/reportScan.ts';
import { resumeCourse } from './commands/resumeCourse.ts';
import { rollBackCourse } from './commands/rollBackCourse.ts';
import { settleLeftover } from './commands/settleLeftover.ts';
import { sign } from './commands/sign.ts';
import { startCourse } from './commands/startCourse.ts';
import { firstClosing, keepWatch, sweepClosing } from './closing/jobs.ts';
import { runCourse, sweepCourses } from './stages/jobs.ts';
import { exportRecovery } from './sections.ts';
import { events } from './events.ts';
import { sample, sweepPlans } from './jobs.ts';
import { reactions } from './reactions.ts';
import { routes } from './routes.ts';
import { sampling } from './settings.ts';

export { addCriterion, removeCriterion, setSoak, sign, startCourse, passGate };
export { readinessLost, readinessMet, stageChanged } from './events.ts';
export { courseFacts } from './sections.ts';
export { recoveryOf };

exportSection('recovery', exportRecovery);

export const module = defineModule({
  name: 'recovery',
  commands: [
    acknowledgeFailure,
    addCriterion,
    adoptReadiness,
    advanceCourse,
    beginWatch,
    closeUp,
    confirmShift,
    endCourse,
    endPlan,
    judgeReadiness,
    noteShift,
    noteWatch,
    openPlan,
    passGate,
    pauseCourse,
    removeCriterion,
    reportScan,
    resumeCourse,
    rollBackCourse,
    setSoak,
    settleLeftover,
    sign,
    startCourse,
  ],
  events,
  reactions,
  jobs: [sample, sweepPlans, runCourse, sweepCourses, keepWatch, sweepClosing, firstClosing],
  settings: [sampling],
  routes,
});
