/** HTTP ↔ the home screen. */
import { endpoints as at } from '#contract/programme';
import { route } from '#kernel';
import { skipSetupStep } from './commands/skipSetupStep.ts';
import { importRoutes } from './imports/routes.ts';
import { home, setup } from './queries.ts';
import { serviceReadiness } from './readiness/queries.ts';

export const routes = [
  ...importRoutes,
  route(at.serviceReadiness, async ({ ctx, query }) => ({ items: await serviceReadiness(ctx, query.serviceId) })),
  route(at.home, async ({ ctx }) => home(ctx)),
  route(at.skipSetupStep, async ({ ctx, params, body }) => {
    await skipSetupStep(ctx, { step: params.step, reason: body.reason });
    return { steps: (await setup(ctx)) ?? [] };
  }),
];
