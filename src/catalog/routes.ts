/** HTTP to commands and queries of the catalogue. */
import type { z } from 'zod';
import { type change, endpoints, type serviceDetail, type service as serviceShape } from '#contract/catalog';
import type { Call, Ctx } from '#kernel';
import { route } from '#kernel';
import { abilitiesOf, abilityGaps, lacking } from './abilities.ts';
import { createService } from './commands/createService.ts';
import { recordChange } from './commands/recordChange.ts';
import { removeService } from './commands/removeService.ts';
import { setAbilities } from './commands/setAbilities.ts';
import { setDependencies } from './commands/setDependencies.ts';
import { updateService } from './commands/updateService.ts';
import {
  type ChangeRow,
  getChange,
  getService,
  listChanges,
  listServices,
  neighbours,
  type ServiceRow,
  serviceMap,
} from './queries.ts';

type Reply = Call<unknown, unknown, unknown>['reply'];
type Request = Call<unknown, unknown, unknown>['request'];

const serviceBody = ({ teamName, policyName, ...row }: ServiceRow): z.input<typeof serviceShape> => ({
  ...row,
  team: row.teamId ? { id: row.teamId, name: teamName ?? row.teamId } : null,
  policy: row.policyId ? { id: row.policyId, name: policyName ?? row.policyId } : null,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});

const changeBody = ({ exercise: _, ...row }: ChangeRow): z.input<typeof change> => ({
  ...row,
  at: row.at.toISOString(),
  recordedAt: row.recordedAt.toISOString(),
});

/** The whole service, with the ETag that a later PATCH may send back. */
async function detail(ctx: Ctx, id: string, reply: Reply): Promise<z.input<typeof serviceDetail>> {
  const row = await getService(ctx, id);
  reply.header('etag', `"${row.version}"`);
  const abilities = await abilitiesOf(ctx, row.id);
  return {
    ...serviceBody(row),
    dependsOn: await neighbours(ctx, row.id, 'dependsOn'),
    dependants: await neighbours(ctx, row.id, 'dependants'),
    abilities,
    lacks: row.tier === 1 ? lacking(abilities) : [],
  };
}

/** The version named by If-Match; undefined when there is none, -1 (matches nothing) when it is not one of ours. */
function seenVersion(request: Request): number | undefined {
  const header = request.headers['if-match'];
  if (header === undefined || header.trim() === '*') return undefined;
  const found = /^(?:W\/)?"(\d{1,9})"$/.exec(header.trim());
  return found ? Number(found[1]) : -1;
}

export const routes = [
  route(endpoints.listServices, async ({ ctx, query }) => {
    const page = await listServices(ctx, query);
    return { items: page.items.map(serviceBody), nextCursor: page.nextCursor };
  }),
  route(endpoints.getService, async ({ ctx, params, reply }) => await detail(ctx, params.id, reply)),
  route(
    endpoints.createService,
    async ({ ctx, body, reply }) => await detail(ctx, (await createService(ctx, body)).id, reply),
  ),
  route(endpoints.updateService, async ({ ctx, params, body, request, reply }) => {
    const saved = await updateService(ctx, { ...body, id: params.id, version: seenVersion(request) });
    return await detail(ctx, saved.id, reply);
  }),
  route(endpoints.removeService, async ({ ctx, params }) => await removeService(ctx, params)),
  route(endpoints.setDependencies, async ({ ctx, params, body, request, reply }) => {
    const saved = await setDependencies(ctx, { ...body, id: params.id, version: seenVersion(request) });
    return await detail(ctx, saved.id, reply);
  }),
  route(endpoints.setAbilities, async ({ ctx, params, body, reply }) => {
    const { id } = await setAbilities(ctx, { id: params.id, abilities: body.abilities });
    return await detail(ctx, id, reply);
  }),
  route(endpoints.abilityGaps, async ({ ctx }) => ({ items: await abilityGaps(ctx) })),
  route(endpoints.serviceMap, async ({ ctx }) => await serviceMap(ctx)),
  route(endpoints.listChanges, async ({ ctx, query }) => {
    const page = await listChanges(ctx, query);
    return { items: page.items.map(changeBody), nextCursor: page.nextCursor };
  }),
  route(endpoints.recordChange, async ({ ctx, body }) => {
    const { id } = await recordChange(ctx, { ...body, at: body.at ? new Date(body.at) : undefined });
    return changeBody(await getChange(ctx, id));
  }),
];
