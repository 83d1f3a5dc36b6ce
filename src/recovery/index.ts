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
import { events } from './events.ts';
import { sample, sweepPlans } from './jobs.ts';
import { reactions } from './reactions.ts';
import { routes } from './routes.ts';
import { sampling } from './settings.ts';

export { addCriterion, removeCriterion, setSoak };
export { readinessLost, readinessMet } from './events.ts';
export { recoveryOf };

exportSection('recovery', recoveryOf);

export const module = defineModule({
  name: 'recovery',
  commands: [addCriterion, adoptReadiness, endPlan, judgeReadiness, openPlan, removeCriterion, setSoak],
  events,
  reactions,
  jobs: [sample, sweepPlans],
  settings: [sampling],
  routes,
});
