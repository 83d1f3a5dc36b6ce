/** Programme: what needs a person now, and how the house stands. */
import { defineModule } from '#kernel';
import { skipSetupStep } from './commands/skipSetupStep.ts';
import { addImportFile } from './imports/commands/addImportFile.ts';
import { applyImport } from './imports/commands/applyImport.ts';
import { carryItem } from './imports/commands/carryItem.ts';
import { forgetImport } from './imports/commands/forgetImport.ts';
import { forgetSnapshots } from './imports/commands/forgetSnapshots.ts';
import { noteImport } from './imports/commands/noteImport.ts';
import { noteReading } from './imports/commands/noteReading.ts';
import { startImport } from './imports/commands/startImport.ts';
import { forgetReadings, runImport } from './imports/jobs.ts';
import { readinessPolicy } from './readiness/settings.ts';
import { routes } from './routes.ts';

export { type Need, type SetupStep, inOrder } from './model.ts';
export { needsMeNow } from './needs.ts';
export { home } from './queries.ts';

export const module = defineModule({
  name: 'programme',
  commands: [
    addImportFile,
    applyImport,
    carryItem,
    forgetImport,
    forgetSnapshots,
    noteImport,
    noteReading,
    skipSetupStep,
    startImport,
  ],
  jobs: [forgetReadings, runImport],
  settings: [readinessPolicy],
  routes,
});
