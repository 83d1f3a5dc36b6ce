/** Programme: what needs a person now, and how the house stands. */
import { defineModule } from '#kernel';
import { skipSetupStep } from './commands/skipSetupStep.ts';
import { routes } from './routes.ts';

export { type Need, type SetupStep, inOrder } from './model.ts';
export { needsMeNow } from './needs.ts';
export { home } from './queries.ts';

export const module = defineModule({ name: 'programme', commands: [skipSetupStep], routes });
