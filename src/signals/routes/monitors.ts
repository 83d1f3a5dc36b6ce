/** HTTP to monitors and the places they look from. */
import type { z } from 'zod';
import { endpoints, type monitor as monitorShape, type probe as probeShape } from '#contract/signals';
import { config, type Ctx, Problem, route } from '#kernel';
import { seenVersion } from '../if-match.ts';
import { createMonitor } from '../monitors/commands/createMonitor.ts';
import { removeMonitor } from '../monitors/commands/removeMonitor.ts';
import { tryMonitor } from '../monitors/commands/tryMonitor.ts';
import { updateMonitor } from '../monitors/commands/updateMonitor.ts';
import { LEASE_MS } from '../monitors/engine/leases.ts';
import { kindOf, kinds } from '../monitors/families.ts';
import { lookOnce } from '../monitors/look.ts';
import { type PlaceState, stateNow } from '../monitors/model.ts';
import { createProbe } from '../monitors/probes/commands/createProbe.ts';
import { removeProbe } from '../monitors/probes/commands/removeProbe.ts';
import { renewProbe } from '../monitors/probes/commands/renewProbe.ts';
import { isSilent } from '../monitors/probes/model.ts';
import { pollRoute } from '../monitors/probes/poll.ts';
import { listProbes, placeNames, type Probe } from '../monitors/probes/store.ts';
import {
  type Cell,
  changesOf,
  getMonitor,
  listMonitors,
  liveNodes,
  monitorCounts,
  type MonitorRow,
  monitorsByPlace,
  series,
  strips,
} from '../monitors/queries.ts';
import { slosOfMonitor } from '../monitors/slo/store.ts';
import { openSecrets, placesOf } from '../monitors/store.ts';

const iso = (at: Date | null) => at?.toISOString() ?? null;

/** What the list and the page both show. */
function monitorBody(
  ctx: Ctx,
  row: MonitorRow,
  places: PlaceState[],
  strip: Cell[],
  names: Map<string, string>,
): z.input<typeof monitorShape> {
  const kind = kindOf(row.kind);
  const [n, failed] = strip.reduce(([a, b], cell) => [a + cell.n, b + cell.failed], [0, 0]);
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    kindTitle: kind?.title ?? row.kind,
    target: kind?.target(row.spec) ?? '',
    service: row.serviceId ? { id: row.serviceId, name: row.serviceName ?? row.serviceId } : null,
    enabled: row.enabled,
    severity: row.severity,
    intervalSeconds: row.intervalSeconds,
    state: row.state,
    since: row.since.toISOString(),
    reason: row.reason,
    alerting: row.alerting,
    places: row.places.map((place) => {
      const found = places.find((one) => one.place === place);
      return {
        id: place,
        name: names.get(place) ?? place,
        state: stateNow(found, row, ctx.now),
        since: iso(found?.since ?? null),
        lastAt: iso(found?.lastAt ?? null),
        lastOk: found?.lastOk ?? null,
        lastMs: found?.lastMs ?? null,
        lastReason: found?.lastReason ?? '',
      };
    }),
    strip,
    uptime: n > 0 ? (n - failed) / n : null,
    version: row.version,
  };
}

async function detail(ctx: Ctx, id: string) {
  const row = await getMonitor(ctx, id);
  const [places, strip, names, changes, slos] = await Promise.all([
    placesOf(ctx, [id]),
    strips(ctx, [id]),
    placeNames(ctx),
    changesOf(ctx, id),
    slosOfMonitor(ctx, id),
  ]);
  const reference = (place: string) => ({ id: place, name: names.get(place) ?? place });
  return {
    ...monitorBody(ctx, row, places, strip.get(id)!, names),
    spec: row.spec,
    secrets: Object.keys(openSecrets(row)).sort(),
    timeoutSeconds: row.timeoutSeconds,
    failAfter: row.failAfter,
    recoverAfter: row.recoverAfter,
    quorum: row.quorum,
    placeIds: row.places,
    recent: row.places.flatMap((place) => {
      const found = places.find((one) => one.place === place);
      if (!found) return [];
      const results = found.recent.map(([at, ms, ok]) => ({
        at: new Date(at).toISOString(),
        ms,
        ok: ok === -1 ? null : ok === 1,
      }));
      return [{ place: reference(place), facts: found.facts, results }];
    }),
    changes: changes.map((one) => ({
      ...one,
      at: one.at.toISOString(),
      place: one.place ? reference(one.place) : null,
    })),
    slos,
    createdAt: row.createdAt.toISOString(),
  };
}

/** Looks for “try it now” that are under way on this node. */
let trying = 0;
const TRIES_AT_ONCE = 4;

const monitorRoutes = [
  route(endpoints.listMonitorKinds, async () => ({
    items: await Promise.all(
      kinds.map(async ({ kind, title, description, fields, start, lacks }) => ({
        kind,
        title,
        description,
        fields,
        start,
        lacks: (await lacks?.()) ?? null,
      })),
    ),
  })),
  route(endpoints.listMonitors, async ({ ctx, query }) => {
    const { rows, nextCursor } = await listMonitors(ctx, query);
    const ids = rows.map((row) => row.id);
    const [places, cells, names, counts] = await Promise.all([
      placesOf(ctx, ids),
      strips(ctx, ids),
      placeNames(ctx),
      monitorCounts(ctx),
    ]);
    const byMonitor = Map.groupBy(places, (place) => place.monitorId);
    return {
      items: rows.map((row) => monitorBody(ctx, row, byMonitor.get(row.id) ?? [], cells.get(row.id)!, names)),
      nextCursor,
      counts,
    };
  }),
  route(endpoints.getMonitor, async ({ ctx, params, reply }) => {
    const found = await detail(ctx, params.id);
    reply.header('etag', `"${found.version}"`);
    return found;
  }),
  route(endpoints.monitorSeries, async ({ ctx, params, query }) => {
    await getMonitor(ctx, params.id);
    const { seconds, from, points } = await series(ctx, params.id, query.hours, query.place);
    return {
      seconds,
      from: from.toISOString(),
      to: ctx.now.toISOString(),
      points: points.map((point) => ({ ...point, at: point.at.toISOString() })),
    };
  }),
  route(endpoints.createMonitor, async ({ ctx, body }) => await detail(ctx, (await createMonitor(ctx, body)).id)),
  route(endpoints.updateMonitor, async ({ ctx, params, body, request, reply }) => {
    await updateMonitor(ctx, { ...body, id: params.id, version: seenVersion(request) });
    const found = await detail(ctx, params.id);
    reply.header('etag', `"${found.version}"`);
    return found;
  }),
  route(endpoints.removeMonitor, async ({ ctx, params }) => await removeMonitor(ctx, params)),
  route(endpoints.tryMonitor, async ({ ctx, body }) => {
    if (trying >= TRIES_AT_ONCE)
      throw new Problem(429, 'Others are trying monitors just now', {
        rule: 'signals.monitor_tries',
        detail: 'Wait a few seconds.',
      });
    trying += 1;
    try {
      const { checked = [], sample = '', ...outcome } = await lookOnce(await tryMonitor(ctx, body), ctx.now);
      return { ...outcome, checked, sample: sample.slice(0, 4000) };
    } finally {
      trying -= 1;
    }
  }),
];

function probeBody(ctx: Ctx, probe: Probe, monitors: Map<string, number>): z.input<typeof probeShape> {
  return {
    id: probe.id,
    name: probe.name,
    hint: probe.hint,
    state: !probe.lastSeenAt ? 'waiting' : isSilent(probe, ctx.now) ? 'silent' : 'heard',
    lastSeenAt: iso(probe.lastSeenAt),
    version: probe.version,
    lacks: probe.lacks,
    monitors: monitors.get(probe.id) ?? 0,
  };
}

const tokenBody = async (ctx: Ctx, { probe, token }: { probe: Probe; token: string }) => ({
  probe: probeBody(ctx, probe, await monitorsByPlace(ctx)),
  token,
  command: `EVENKEEL_TOKEN=${token} npx evenkeel probe --url ${config.publicUrl}`,
});

const placeRoutes = [
  route(endpoints.listPlaces, async ({ ctx }) => {
    const [nodes, probes, monitors] = await Promise.all([liveNodes(ctx), listProbes(ctx), monitorsByPlace(ctx)]);
    return {
      nodes: [...Map.groupBy(nodes, (node) => node.place)].map(([place, list]) => ({
        place,
        monitors: monitors.get(place) ?? 0,
        nodes: list.map((node) => ({
          node: node.node,
          seenAt: node.seenAt.toISOString(),
          alive: ctx.now.getTime() - node.seenAt.getTime() < LEASE_MS,
          watching: node.watching,
          lateMs: Math.round(node.lateMs),
        })),
      })),
      probes: probes.map((probe) => probeBody(ctx, probe, monitors)),
    };
  }),
  route(endpoints.createProbe, async ({ ctx, body }) => await tokenBody(ctx, await createProbe(ctx, body))),
  route(endpoints.renewProbe, async ({ ctx, params }) => await tokenBody(ctx, await renewProbe(ctx, params))),
  route(endpoints.removeProbe, async ({ ctx, params }) => await removeProbe(ctx, params)),
];

export const routes = [...monitorRoutes, ...placeRoutes, pollRoute];
