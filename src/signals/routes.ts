/** HTTP to commands and queries of signals, and the doors of every ingest family. */
import type { z } from 'zod';
import { type alert as alertShape, endpoints, type integration as integrationShape } from '#contract/signals';
import { addMs, type Call, config, type Ctx, route, personOf } from '#kernel';
import { acknowledgeGroup } from './commands/acknowledgeGroup.ts';
import { assignService } from './commands/assignService.ts';
import { configureIntegration } from './commands/configureIntegration.ts';
import { createIntegration } from './commands/createIntegration.ts';
import { removeIntegration } from './commands/removeIntegration.ts';
import { resolveGroup } from './commands/resolveGroup.ts';
import { revealKey } from './commands/revealKey.ts';
import { rotateKey } from './commands/rotateKey.ts';
import { testIntegration } from './commands/testIntegration.ts';
import { updateIntegration } from './commands/updateIntegration.ts';
import { seenVersion } from './if-match.ts';
import { decodeText } from './ingest/bytes.ts';
import { doorsOf } from './ingest/door.ts';
import { families, familyOf } from './ingest/families.ts';
import {
  getIntegration,
  type IntegrationRow,
  listIntegrations,
  liveKeys,
  signalCounts,
} from './integrations/queries.ts';
import { openOptions } from './integrations/store.ts';
import { terminalRoutes } from './terminal/routes.ts';
import { type AlertRow, getAlert, getGroup, getSignal, listAlerts, listGroups, occurrencesOf } from './queries.ts';

import { groupBodies } from './routes/group-body.ts';
import { routes as correlationRoutes } from './routes/correlation.ts';
import { routes as hiddenRoutes } from './routes/hidden.ts';
import { routes as ruleRoutes } from './routes/rules.ts';
import { routes as previewRoutes } from './routes/preview.ts';
import { routes as metricRoutes } from './routes/metrics.ts';
import { routes as monitorRoutes } from './routes/monitors.ts';
import { routes as quietRoutes } from './routes/quiet.ts';
import { routes as sloRoutes } from './routes/slos.ts';
import { routes as supplierRoutes } from './routes/suppliers.ts';

type Request = Call<unknown, unknown, unknown>['request'];

const iso = (at: Date | null) => at?.toISOString() ?? null;

const groupBody = async (ctx: Ctx, id: string) => (await groupBodies(ctx, [await getGroup(ctx, id)]))[0]!;

const alertBody = (row: AlertRow): z.input<typeof alertShape> => ({
  id: row.id,
  groupId: row.groupId,
  title: row.title,
  severity: row.severity,
  state: row.state,
  description: row.description,
  source: row.source,
  dedupKey: row.dedupKey,
  service: row.serviceId ? { id: row.serviceId, name: row.serviceName ?? row.serviceId } : null,
  integration: { id: row.integrationId, name: row.integrationName },
  labels: row.labels,
  links: row.links,
  marks: row.marks,
  count: row.count,
  flaps: row.flaps,
  firstAt: row.firstAt.toISOString(),
  lastAt: row.lastAt.toISOString(),
  resolvedAt: iso(row.resolvedAt),
  startedAt: iso(row.startedAt),
  endedAt: iso(row.endedAt),
  lastSignalId: row.lastSignalId,
  test: row.test,
  exercise: row.exercise,
});

async function integrationBodies(ctx: Ctx, rows: IntegrationRow[]): Promise<z.input<typeof integrationShape>[]> {
  const ids = rows.map((row) => row.id);
  const [keys, counts] = [await liveKeys(ctx, ids), await signalCounts(ctx, ids)];
  const dayAgo = addMs(ctx.now, -86_400_000);
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    kindTitle: familyOf(row.kind)?.title ?? row.kind,
    name: row.name,
    service: row.serviceId ? { id: row.serviceId, name: row.serviceName ?? row.serviceId } : null,
    enabled: row.enabled,
    version: row.version,
    lastHeardAt: iso(row.lastHeardAt),
    signalsLastDay: counts.get(row.id) ?? 0,
    garbageCount: row.garbageCount,
    garbage:
      row.lastGarbageAt && row.lastGarbageAt > dayAgo
        ? {
            at: row.lastGarbageAt.toISOString(),
            reason: row.lastGarbageReason ?? '',
            signalId: row.lastGarbageSignalId,
          }
        : null,
    droppedCount: row.droppedCount,
    lastDroppedAt: iso(row.lastDroppedAt),
    options: optionsOf(row),
    keys: keys
      .filter((key) => key.integrationId === row.id)
      .map((key) => ({
        id: key.id,
        hint: key.hint,
        validUntil: iso(key.validUntil),
        createdAt: key.createdAt.toISOString(),
      })),
    createdAt: row.createdAt.toISOString(),
  }));
}

function optionsOf(row: IntegrationRow) {
  const fields = familyOf(row.kind)?.options ?? [];
  const set = fields.length > 0 ? openOptions(row) : {};
  return fields.map(({ name, label, help, secret = false, multiline = false }) => ({
    name,
    label,
    help,
    secret,
    multiline,
    isSet: name in set,
    value: secret ? null : (set[name] ?? null),
  }));
}

const integrationBody = async (ctx: Ctx, id: string) =>
  (await integrationBodies(ctx, [await getIntegration(ctx, id)]))[0]!;

const keyBody = (id: string, kind: string, name: string, key: string) => ({
  id,
  key,
  snippets: familyOf(kind)?.snippets({ url: config.publicUrl, key, name }) ?? [],
});

/** Bytes of a stored body for the eye: text, at most 64 KiB. */
function bodyText(body: Buffer | null): { body: string | null; bodyCut: boolean } {
  if (!body) return { body: null, bodyCut: false };
  const part = body.subarray(0, 65_536);
  let text: string;
  try {
    ({ text } = decodeText(part));
  } catch {
    text = part.toString('latin1');
  }
  return { body: text, bodyCut: body.length > part.length };
}

const groupRoutes = [
  route(endpoints.listGroups, async ({ ctx, query }) => {
    const { mine, ...filter } = query;
    const userId = mine ? (personOf(ctx.actor) ?? 'nobody') : undefined;
    const page = await listGroups(ctx, { ...filter, userId });
    return { items: await groupBodies(ctx, page.items), nextCursor: page.nextCursor };
  }),
  route(endpoints.getGroup, async ({ ctx, params }) => {
    const found = await groupBody(ctx, params.id);
    const { items } = await listAlerts(ctx, { groupId: found.id, limit: 200, sort: 'lastAt' });
    return { ...found, alerts: items.map(alertBody) };
  }),
  route(endpoints.acknowledgeGroup, async ({ ctx, params }) => {
    await acknowledgeGroup(ctx, { groupId: params.id, via: ctx.actor.kind === 'token' ? 'API' : 'console' });
    return await groupBody(ctx, params.id);
  }),
  route(endpoints.assignService, async ({ ctx, params, body }) => {
    await assignService(ctx, { groupId: params.id, serviceId: body.serviceId });
    return await groupBody(ctx, params.id);
  }),
  route(endpoints.resolveGroup, async ({ ctx, params, body }) => {
    await resolveGroup(ctx, { groupId: params.id, reason: body?.reason });
    return await groupBody(ctx, params.id);
  }),
];

const alertRoutes = [
  route(endpoints.listAlerts, async ({ ctx, query }) => {
    const page = await listAlerts(ctx, query);
    return { items: page.items.map(alertBody), nextCursor: page.nextCursor };
  }),
  route(endpoints.getAlert, async ({ ctx, params }) => {
    const row = await getAlert(ctx, params.id);
    const occurrences = await occurrencesOf(ctx, row.id);
    return {
      ...alertBody(row),
      details: row.details,
      occurrences: occurrences.map((item) => ({ ...item, at: item.at.toISOString() })),
    };
  }),
  route(endpoints.getSignal, async ({ ctx, params }) => {
    const row = await getSignal(ctx, params.id);
    return {
      id: row.id,
      integration: { id: row.integrationId, name: row.integrationName },
      receivedAt: row.receivedAt.toISOString(),
      state: row.state,
      reason: row.reason,
      contentType: row.contentType,
      headers: row.headers,
      bodySize: row.bodySize,
      ...bodyText(row.body),
      effects: row.effects,
      test: row.test,
      exercise: row.exercise,
    };
  }),
];

const integrationRoutes = [
  route(endpoints.listIntegrationKinds, async () => ({
    items: families.map(({ kind, title, description, topic }) => ({ kind, title, description, topic })),
  })),
  route(endpoints.listIntegrations, async ({ ctx }) => ({
    items: await integrationBodies(ctx, await listIntegrations(ctx)),
    nextCursor: null,
  })),
  route(endpoints.getIntegration, async ({ ctx, params, reply }) => {
    const found = await integrationBody(ctx, params.id);
    reply.header('etag', `"${found.version}"`);
    return found;
  }),
  route(endpoints.createIntegration, async ({ ctx, body }) => {
    const { integration, key } = await createIntegration(ctx, body);
    return {
      ...keyBody(integration.id, integration.kind, integration.name, key),
      integration: await integrationBody(ctx, integration.id),
    };
  }),
  route(endpoints.updateIntegration, async ({ ctx, params, body, request, reply }) => {
    await updateIntegration(ctx, { ...body, id: params.id, version: seenVersion(request) });
    const found = await integrationBody(ctx, params.id);
    reply.header('etag', `"${found.version}"`);
    return found;
  }),
  route(endpoints.configureIntegration, async ({ ctx, params, body }) => {
    await configureIntegration(ctx, { id: params.id, options: body.options });
    return await integrationBody(ctx, params.id);
  }),
  route(endpoints.removeIntegration, async ({ ctx, params }) => await removeIntegration(ctx, params)),
  route(endpoints.rotateKey, async ({ ctx, params, body }) => {
    const { key } = await rotateKey(ctx, { id: params.id, overlapHours: body.overlapHours });
    const { kind, name } = await getIntegration(ctx, params.id);
    return keyBody(params.id, kind, name, key);
  }),
  route(endpoints.revealKey, async ({ ctx, params }) => {
    const { integration, key } = await revealKey(ctx, params);
    return keyBody(integration.id, integration.kind, integration.name, key);
  }),
  route(
    endpoints.testIntegration,
    async ({ ctx, params, body }) => await testIntegration(ctx, { ...body, id: params.id }),
  ),
];

export const routes = [
  ...correlationRoutes,
  ...ruleRoutes,
  ...previewRoutes,
  ...quietRoutes,
  ...hiddenRoutes,
  ...metricRoutes,
  ...monitorRoutes,
  ...sloRoutes,
  ...supplierRoutes,
  ...groupRoutes,
  ...alertRoutes,
  ...integrationRoutes,
  ...terminalRoutes,
  ...families.flatMap(doorsOf),
];
