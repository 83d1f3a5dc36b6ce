/** HTTP to commands and queries of the catalogue. */
import type { z } from 'zod';
import {
  type change,
  endpoints,
  type fallback,
  type serviceDetail,
  type service as serviceShape,
  type thirdParty,
} from '#contract/catalog';
import type { Call, Ctx } from '#kernel';
import { route } from '#kernel';
import { abilitiesOf, abilityGaps, lacking } from './abilities.ts';
import { createService } from './commands/createService.ts';
import { importCatalog } from './commands/importCatalog.ts';
import { recordChange } from './commands/recordChange.ts';
import { removeService } from './commands/removeService.ts';
import { reviewThirdParty } from './commands/reviewThirdParty.ts';
import { setAbilities } from './commands/setAbilities.ts';
import { setDependencies } from './commands/setDependencies.ts';
import { setFallbacks } from './commands/setFallbacks.ts';
import { setStore } from './commands/setStore.ts';
import { setThirdParty } from './commands/setThirdParty.ts';
import { updateService } from './commands/updateService.ts';
import { importedOf, planImport } from './imports/plan.ts';
import { serviceMap } from './map.ts';
import { type FallbackRow, fallbacksOf, storeOf, thirdParties } from './parts.ts';
import {
  type ChangeRow,
  getChange,
  getService,
  listChanges,
  listServices,
  neighbours,
  type ServiceRow,
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

const fallbackBody = (row: FallbackRow): z.input<typeof fallback> => ({
  id: row.id,
  kind: row.kind,
  how: row.how,
  for: row.forId ? { id: row.forId, name: row.forName ?? row.forId } : null,
  to: row.toId ? { id: row.toId, name: row.toName ?? row.toId } : null,
  testedAt: row.testedAt?.toISOString() ?? null,
});

type Party = Awaited<ReturnType<typeof thirdParties>>[number];
const partyBody = (row: Party): z.input<typeof thirdParty> => ({
  ...row,
  reviewedAt: row.reviewedAt?.toISOString() ?? null,
  reviewDueAt: row.reviewDueAt?.toISOString() ?? null,
  contingency: row.contingency.map(fallbackBody),
});

const party = async (ctx: Ctx, id: string) => partyBody((await thirdParties(ctx, id))[0]!);

/** The whole service, with the ETag that a later PATCH may send back. */
async function detail(ctx: Ctx, id: string, reply: Reply): Promise<z.input<typeof serviceDetail>> {
  const row = await getService(ctx, id);
  reply.header('etag', `"${row.version}"`);
  const abilities = await abilitiesOf(ctx, row.id);
  const imported = await importedOf(ctx, row);
  return {
    ...serviceBody(row),
    dependsOn: await neighbours(ctx, row.id, 'dependsOn'),
    dependants: await neighbours(ctx, row.id, 'dependants'),
    abilities,
    lacks: row.tier === 1 && (row.kind === 'service' || row.kind === 'store') ? lacking(abilities) : [],
    fallbacks: (await fallbacksOf(ctx, [row.id])).map(fallbackBody),
    store: row.kind === 'store' ? ((await storeOf(ctx, row.id)) ?? null) : null,
    thirdParty: row.kind === 'third_party' ? await party(ctx, row.id) : null,
    imported: imported && { ...imported, at: imported.at.toISOString() },
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
  route(endpoints.thirdParties, async ({ ctx }) => ({ items: (await thirdParties(ctx)).map(partyBody) })),
  route(endpoints.setThirdParty, async ({ ctx, params, body }) => {
    const { id } = await setThirdParty(ctx, { ...body, id: params.id });
    return await party(ctx, id);
  }),
  route(endpoints.reviewThirdParty, async ({ ctx, params, body }) => {
    const { id } = await reviewThirdParty(ctx, { ...body, id: params.id });
    return await party(ctx, id);
  }),
  route(endpoints.setStore, async ({ ctx, params, body }) => await setStore(ctx, { ...body, id: params.id })),
  route(endpoints.setFallbacks, async ({ ctx, params, body }) => {
    const fallbacks = body.fallbacks.map((one) => ({ ...one, testedAt: one.testedAt ? new Date(one.testedAt) : null }));
    return await setFallbacks(ctx, { id: params.id, fallbacks });
  }),
  route(endpoints.previewImport, async ({ ctx, body }) => (await planImport(ctx, body)).report),
  route(endpoints.importCatalog, async ({ ctx, body }) => await importCatalog(ctx, body)),
  route(endpoints.listChanges, async ({ ctx, query }) => {
    const page = await listChanges(ctx, query);
    return { items: page.items.map(changeBody), nextCursor: page.nextCursor };
  }),
  route(endpoints.recordChange, async ({ ctx, body }) => {
    const { id } = await recordChange(ctx, { ...body, at: body.at ? new Date(body.at) : undefined });
    return changeBody(await getChange(ctx, id));
  }),
];
