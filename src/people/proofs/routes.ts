/** Proofs over HTTP. */
import { endpoints } from '#contract/people';
import { route } from '#kernel';
import { sendTestPages } from './commands/sendTestPages.ts';
import { proofLinkRoutes } from './link-routes.ts';
import { listFindings, listHiding, listTests, reachability } from './reachability.ts';

export const proofRoutes = [
  route(endpoints.reachability, async ({ ctx }) => reachability(ctx)),
  route(endpoints.testPages, async ({ ctx, query }) => listTests(ctx, query)),
  route(endpoints.sendTestPages, async ({ ctx, body }) => sendTestPages(ctx, body)),
  route(endpoints.findings, async ({ ctx }) => ({ items: await listFindings(ctx) })),
  route(endpoints.hidingChanges, async ({ ctx }) => ({ items: await listHiding(ctx) })),
  ...proofLinkRoutes,
];
