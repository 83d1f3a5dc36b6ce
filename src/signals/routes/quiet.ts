/** HTTP to heartbeats and silences: what must not be quiet, and what may. */
import { endpoints } from '#contract/signals';
import { serviceById } from '#catalog';
import { type Ctx, invalid, route } from '#kernel';
import { getIntegration } from '../integrations/queries.ts';
import { removeHeartbeat } from '../monitors/heartbeats/commands/removeHeartbeat.ts';
import { saveHeartbeat } from '../monitors/heartbeats/commands/saveHeartbeat.ts';
import { heartbeatDoors } from '../monitors/heartbeats/door.ts';
import type { Heartbeat } from '../monitors/heartbeats/model.ts';
import { listHeartbeats } from '../monitors/heartbeats/store.ts';
import { createSilence } from '../silences/commands/createSilence.ts';
import { expireSilence } from '../silences/commands/expireSilence.ts';
import { planMaintenance } from '../silences/commands/planMaintenance.ts';
import { problemsOf, type Silence, stateOf } from '../silences/model.ts';
import { previewSilence } from '../silences/preview.ts';
import { listSilences, listWindows } from '../silences/store.ts';

const iso = (at: Date | null) => at?.toISOString() ?? null;

const heartbeatBody = async (ctx: Ctx, beat: Heartbeat) => ({
  id: beat.id,
  integration: { id: beat.integrationId, name: (await getIntegration(ctx, beat.integrationId)).name },
  name: beat.name,
  description: beat.description,
  intervalSeconds: beat.intervalSeconds,
  enabled: beat.enabled,
  severity: beat.severity,
  lastPingAt: iso(beat.lastPingAt),
  dueAt: beat.dueAt.toISOString(),
  expiredAt: iso(beat.expiredAt),
});

const heartbeatRoutes = [
  route(endpoints.listHeartbeats, async ({ ctx }) => ({
    items: await Promise.all((await listHeartbeats(ctx)).map((beat) => heartbeatBody(ctx, beat))),
    nextCursor: null,
  })),
  route(endpoints.saveHeartbeat, async ({ ctx, body }) => await heartbeatBody(ctx, await saveHeartbeat(ctx, body))),
  route(endpoints.removeHeartbeat, async ({ ctx, params }) => await removeHeartbeat(ctx, params)),
];

const silenceBody = (row: Silence & { integrationName?: string | null }, now: Date) => ({
  id: row.id,
  integration: row.integrationId ? { id: row.integrationId, name: row.integrationName ?? row.integrationId } : null,
  matchers: row.matchers,
  startsAt: row.startsAt.toISOString(),
  endsAt: row.endsAt.toISOString(),
  createdBy: row.createdBy,
  comment: row.comment,
  // What was written a moment ago is not of the future.
  state: stateOf(row, row.updatedAt > now ? row.updatedAt : now),
});

async function windowBody(ctx: Ctx, row: Silence) {
  const { id, matchers, startsAt, endsAt, createdBy, comment, state } = silenceBody(row, ctx.now);
  const services = await Promise.all(
    row.serviceIds.map(async (one) => ({ id: one, name: (await serviceById(ctx, one))?.name ?? one })),
  );
  const { name, holdsCritical } = row;
  return { id, name: name ?? '', services, matchers, startsAt, endsAt, createdBy, comment, holdsCritical, state };
}

const maintenanceRoutes = [
  route(endpoints.listMaintenance, async ({ ctx }) => ({
    items: await Promise.all((await listWindows(ctx)).map((row) => windowBody(ctx, row))),
    nextCursor: null,
  })),
  route(endpoints.planMaintenance, async ({ ctx, body }) => {
    const startsAt = body.startsAt ? new Date(body.startsAt) : ctx.now;
    return await windowBody(ctx, await planMaintenance(ctx, { ...body, startsAt, endsAt: new Date(body.endsAt) }));
  }),
];

const silenceRoutes = [
  route(endpoints.listSilences, async ({ ctx }) => ({
    items: (await listSilences(ctx)).map((row) => silenceBody(row, ctx.now)),
    nextCursor: null,
  })),
  route(endpoints.previewSilence, async ({ ctx, body }) => {
    const errors = problemsOf(body.matchers);
    if (errors.length > 0) throw invalid(errors[0]!.message, 'signals.silence', errors);
    return await previewSilence(ctx, body.matchers);
  }),
  route(endpoints.createSilence, async ({ ctx, body }) => {
    const startsAt = body.startsAt ? new Date(body.startsAt) : ctx.now;
    return silenceBody(await createSilence(ctx, { ...body, startsAt, endsAt: new Date(body.endsAt) }), ctx.now);
  }),
  route(endpoints.expireSilence, async ({ ctx, params }) =>
    silenceBody(await expireSilence(ctx, { id: params.id }), ctx.now),
  ),
];

export const routes = [...silenceRoutes, ...maintenanceRoutes, ...heartbeatRoutes, ...heartbeatDoors];
