/** HTTP to objectives. */
import type { z } from 'zod';
import { endpoints, type slo as sloShape } from '#contract/signals';
import { addMs, type Ctx, route } from '#kernel';
import { servicesByIds } from '#catalog';
import { seenVersion } from '../if-match.ts';
import { createSlo } from '../monitors/slo/commands/createSlo.ts';
import { importSlos } from '../monitors/slo/commands/importSlos.ts';
import { removeSlo } from '../monitors/slo/commands/removeSlo.ts';
import { updateSlo } from '../monitors/slo/commands/updateSlo.ts';
import { spanOf } from '../monitors/model.ts';
import { budgetOf, burnChecksOf, burnDown, type Slo } from '../monitors/slo/model.ts';
import { writeOpenSlo } from '../monitors/slo/openslo.ts';
import { budgetSum, hoursOf, listSlos, openSloSecrets, sloById, windowSums } from '../monitors/slo/store.ts';

const none = <T>(value: T | undefined): T | null => value ?? null;

async function monitorsOf(ctx: Ctx, slo: Slo): Promise<{ id: string; name: string }[]> {
  if (slo.source.kind !== 'monitors') return [];
  return await ctx.db
    .selectFrom('signals.monitors')
    .select(['id', 'name'])
    .where('id', 'in', [...slo.source.monitorIds, ''])
    .orderBy('name')
    .execute();
}

async function sloBody(ctx: Ctx, slo: Slo): Promise<z.input<typeof sloShape>> {
  const [sums, whole, monitors, services] = await Promise.all([
    windowSums(ctx, slo, spanOf(ctx.now, 60)),
    budgetSum(ctx, slo),
    monitorsOf(ctx, slo),
    servicesByIds(ctx, slo.serviceId ? [slo.serviceId] : []),
  ]);
  const budget = budgetOf([whole], slo.target);
  const service = slo.serviceId ? services.get(slo.serviceId) : undefined;
  const {
    id,
    slug,
    name,
    description,
    enabled,
    target,
    windowDays,
    budgeting,
    sliceTarget,
    source,
    paging,
    ticketing,
  } = slo;
  return {
    id,
    slug,
    name,
    description,
    service: service ? { id: service.id, name: service.name } : null,
    enabled,
    target,
    windowDays,
    budgeting,
    sliceTarget,
    source,
    monitors,
    secrets: Object.keys(openSloSecrets(slo)).sort(),
    paging,
    ticketing,
    trouble: slo.trouble,
    budget: { ...budget, left: none(budget.left), reached: none(budget.reached) },
    burns: burnChecksOf(sums, slo.target).map(({ known: _known, long, short, ...rule }) => ({
      ...rule,
      long: none(long),
      short: none(short),
    })),
    version: slo.version,
  };
}

async function detail(ctx: Ctx, id: string) {
  const slo = await sloById(ctx, id);
  const points = burnDown(await hoursOf(ctx, slo), slo.target);
  return {
    ...(await sloBody(ctx, slo)),
    burnDown: points.map((point) => ({ at: new Date(point.at).toISOString(), left: point.left })),
    windowStart: addMs(ctx.now, -slo.windowDays * 86_400_000).toISOString(),
  };
}

export const routes = [
  route(endpoints.listSlos, async ({ ctx }) => ({
    items: await Promise.all((await listSlos(ctx)).map((slo) => sloBody(ctx, slo))),
    nextCursor: null,
  })),
  route(endpoints.getSlo, async ({ ctx, params, reply }) => {
    const found = await detail(ctx, params.id);
    reply.header('etag', `"${found.version}"`);
    return found;
  }),
  route(endpoints.createSlo, async ({ ctx, body }) => await detail(ctx, (await createSlo(ctx, body)).id)),
  route(endpoints.updateSlo, async ({ ctx, params, body, request }) => {
    await updateSlo(ctx, { ...body, id: params.id, version: seenVersion(request) });
    return await detail(ctx, params.id);
  }),
  route(endpoints.removeSlo, async ({ ctx, params }) => await removeSlo(ctx, params)),
  route(endpoints.importSlos, async ({ ctx, body }) => ({ items: await importSlos(ctx, body) })),
  route(endpoints.exportSlo, async ({ ctx, params }) => {
    const slo = await sloById(ctx, params.id);
    const services = await servicesByIds(ctx, slo.serviceId ? [slo.serviceId] : []);
    const monitors = (await monitorsOf(ctx, slo)).map((monitor) => monitor.name);
    return { text: writeOpenSlo(slo, { service: services.get(slo.serviceId ?? '')?.slug ?? '', monitors }) };
  }),
];
