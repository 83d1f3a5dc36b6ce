/** HTTP to cases: groups with one probable cause, and the changes suspected of it. */
import { endpoints } from '#contract/signals';
import { type Ctx, route } from '#kernel';
import { rejoinService } from '../correlation/commands/rejoinService.ts';
import { separateService } from '../correlation/commands/separateService.ts';
import { undoCorrelation } from '../correlation/commands/undoCorrelation.ts';
import { correlationBody, getCorrelation, listCorrelations, suspectsOfGroup } from '../correlation/queries.ts';

const body = async (ctx: Ctx, id: string) => await correlationBody(ctx, await getCorrelation(ctx, id));

export const routes = [
  route(endpoints.listCorrelations, async ({ ctx, query }) => ({
    items: await Promise.all((await listCorrelations(ctx, query)).map((row) => correlationBody(ctx, row))),
    nextCursor: null,
  })),
  route(endpoints.getCorrelation, async ({ ctx, params }) => await body(ctx, params.id)),
  route(endpoints.separateService, async ({ ctx, params, body: { serviceId, reason } }) => {
    await separateService(ctx, { correlationId: params.id, serviceId, reason });
    return await body(ctx, params.id);
  }),
  route(endpoints.rejoinService, async ({ ctx, params, body: { serviceId } }) => {
    await rejoinService(ctx, { correlationId: params.id, serviceId });
    return await body(ctx, params.id);
  }),
  route(endpoints.undoCorrelation, async ({ ctx, params, body: given }) => {
    await undoCorrelation(ctx, { correlationId: params.id, reason: given?.reason });
    return await body(ctx, params.id);
  }),
  route(endpoints.suspectsOfGroup, async ({ ctx, params }) => await suspectsOfGroup(ctx, params.id)),
];
