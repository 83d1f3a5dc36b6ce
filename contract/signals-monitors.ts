/** What crosses the wire for own eyes: monitors, the places they look from, and objectives. Endpoints are listed in `signals.ts`. */
import { z } from 'zod';
import { endpoint, instant, pageOf, pageQuery } from './core.ts';

const severity = z.enum(['critical', 'error', 'warning', 'info']);
const byId = z.strictObject({ id: z.string().min(1).max(100) });
const reference = z.object({ id: z.string(), name: z.string() });
const gone = z.object({ id: z.string() });
export const monitorState = z.enum(['up', 'down', 'unknown']);
const facts = z.record(z.string(), z.union([z.string(), z.number()]));

const field = z.object({
  name: z.string(),
  label: z.string(),
  help: z.string().optional(),
  type: z.enum([
    'text',
    'url',
    'long',
    'code',
    'number',
    'choice',
    'switch',
    'pairs',
    'assertions',
    'steps',
    'actions',
    'secret',
    'secrets',
  ]),
  choices: z.array(z.object({ value: z.string(), label: z.string() })).optional(),
  subjects: z.array(z.string()).optional(),
  placeholder: z.string().optional(),
  required: z.boolean().optional(),
  advanced: z.boolean().optional(),
});
export type MonitorField = z.infer<typeof field>;

/** A kind describes its own form; a new kind needs no new console. */
export const monitorKind = z.object({
  kind: z.string(),
  title: z.string(),
  description: z.string(),
  fields: z.array(field),
  /** What the form begins with. */
  start: z.record(z.string(), z.unknown()),
  /** Why this node cannot look with it; null when it can. */
  lacks: z.string().nullable(),
});
export type MonitorKindInfo = z.infer<typeof monitorKind>;

export const monitorPlace = z.object({
  id: z.string(),
  name: z.string(),
  /** `unknown` also when its last result is too old to be worth anything. */
  state: monitorState,
  since: instant.nullable(),
  lastAt: instant.nullable(),
  lastOk: z.boolean().nullable(),
  lastMs: z.number().nullable(),
  lastReason: z.string(),
});

/** Half an hour of the last day: how many looks, how many failed, mean milliseconds. */
export const stripCell = z.object({ n: z.number().int(), failed: z.number().int(), ms: z.number().nullable() });

export const monitor = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.string(),
  kindTitle: z.string(),
  target: z.string(),
  service: reference.nullable(),
  enabled: z.boolean(),
  severity,
  intervalSeconds: z.number().int(),
  state: monitorState,
  since: instant,
  /** Why, when it is not simply up. */
  reason: z.string(),
  /** Its alert is open. */
  alerting: z.boolean(),
  places: z.array(monitorPlace),
  /** Oldest first, 48 cells. */
  strip: z.array(stripCell),
  /** Share of looks in the last 24 hours that were good; null when there were none. */
  uptime: z.number().nullable(),
  version: z.number().int(),
});
export type Monitor = z.infer<typeof monitor>;

export const monitorDetail = monitor.extend({
  spec: z.record(z.string(), z.unknown()),
  /** Names of the secrets it keeps; never their values. */
  secrets: z.array(z.string()),
  timeoutSeconds: z.number().int(),
  failAfter: z.number().int(),
  recoverAfter: z.number().int(),
  quorum: z.number().int(),
  placeIds: z.array(z.string()),
  /** The last results of each place, oldest first; `ok` null = could not look. */
  recent: z.array(
    z.object({
      place: reference,
      facts,
      results: z.array(z.object({ at: instant, ms: z.number(), ok: z.boolean().nullable() })),
    }),
  ),
  /** What turned, newest first, at most 50. */
  changes: z.array(
    z.object({
      at: instant,
      place: reference.nullable(),
      state: z.enum(['up', 'down', 'unknown', 'failing']),
      reason: z.string(),
    }),
  ),
  slos: z.array(reference),
  createdAt: instant,
});
export type MonitorDetail = z.infer<typeof monitorDetail>;

const specBody = z.record(z.string().max(60), z.unknown());
const secretsBody = z.record(z.string().max(60), z.string().max(5000));
const settings = {
  serviceId: z.string().max(100).nullable().optional(),
  enabled: z.boolean().optional(),
  severity: severity.optional(),
  intervalSeconds: z.number().int().min(5).max(86_400).optional(),
  timeoutSeconds: z.number().int().min(1).max(60).optional(),
  /** So many failures in a row before a place says “down”. */
  failAfter: z.number().int().min(1).max(20).optional(),
  recoverAfter: z.number().int().min(1).max(20).optional(),
  /** So many places must say “down” before anybody is called. */
  quorum: z.number().int().min(1).max(50).optional(),
  places: z.array(z.string().max(100)).min(1).max(50).optional(),
};
const name = z.string().trim().min(1).max(200);

export const tried = z.object({
  /** Null: it could not be looked at from here. */
  ok: z.boolean().nullable(),
  ms: z.number(),
  reason: z.string(),
  facts,
  checked: z.array(z.object({ text: z.string(), ok: z.boolean(), actual: z.string() })),
  /** The beginning of what came back. */
  sample: z.string(),
});
export type Tried = z.infer<typeof tried>;

export const seriesPoint = z.object({
  at: instant,
  n: z.number().int(),
  failed: z.number().int(),
  avg: z.number().nullable(),
  min: z.number().nullable(),
  max: z.number().nullable(),
});
export type SeriesPoint = z.infer<typeof seriesPoint>;

export const probe = z.object({
  id: z.string(),
  name: z.string(),
  /** Last four characters of its token. */
  hint: z.string(),
  state: z.enum(['waiting', 'heard', 'silent']),
  lastSeenAt: instant.nullable(),
  version: z.string(),
  /** Kinds it cannot look with, and why. */
  lacks: z.record(z.string(), z.string()),
  monitors: z.number().int(),
});
export type Probe = z.infer<typeof probe>;
const probeToken = z.object({ probe, token: z.string(), command: z.string() });
export type ProbeToken = z.infer<typeof probeToken>;

export const nodePlace = z.object({
  place: z.string(),
  nodes: z.array(
    z.object({ node: z.string(), seenAt: instant, alive: z.boolean(), watching: z.number().int(), lateMs: z.number() }),
  ),
  monitors: z.number().int(),
});

// ---------------------------------------------------------------- objectives
export const sloSource = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('monitors'), monitorIds: z.array(z.string().max(100)).min(1).max(200) }),
  z.strictObject({
    kind: z.literal('prometheus'),
    url: z.string().trim().max(2000),
    good: z.string().trim().max(10_000).default(''),
    bad: z.string().trim().max(10_000).default(''),
    total: z.string().trim().max(10_000),
    counter: z.boolean().default(true),
    authorization: z.string().max(500).default(''),
  }),
]);
export const burn = z.object({
  alarm: z.enum(['page', 'ticket']),
  /** The rate that both windows must exceed. */
  burn: z.number(),
  longMinutes: z.number().int(),
  shortMinutes: z.number().int(),
  /** Null: nothing was counted in that window. */
  long: z.number().nullable(),
  short: z.number().nullable(),
  exceeds: z.boolean(),
});
export const slo = z.object({
  id: z.string(),
  slug: z.string(),
  name: z.string(),
  description: z.string(),
  service: reference.nullable(),
  enabled: z.boolean(),
  target: z.number(),
  windowDays: z.number().int(),
  budgeting: z.enum(['occurrences', 'timeslices']),
  sliceTarget: z.number().nullable(),
  source: sloSource,
  monitors: z.array(reference),
  secrets: z.array(z.string()),
  /** Alarms that are on. */
  paging: z.boolean(),
  ticketing: z.boolean(),
  /** Why its last minute could not be counted; ''. */
  trouble: z.string(),
  budget: z.object({
    good: z.number(),
    total: z.number(),
    bad: z.number(),
    allowed: z.number(),
    /** 1 untouched, 0 used up, below 0 overspent; null when nothing was counted. */
    left: z.number().nullable(),
    reached: z.number().nullable(),
  }),
  burns: z.array(burn),
  version: z.number().int(),
});
export type Slo = z.infer<typeof slo>;
export const sloDetail = slo.extend({
  /** The budget of its window as it went down, by the hour. */
  burnDown: z.array(z.object({ at: instant, left: z.number() })),
  windowStart: instant,
});
export type SloDetail = z.infer<typeof sloDetail>;

const sloBody = {
  slug: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9.-]{0,100}[a-z0-9])?$/)
    .optional(),
  description: z.string().max(2000).optional(),
  serviceId: z.string().max(100).nullable().optional(),
  enabled: z.boolean().optional(),
  windowDays: z.number().int().min(1).max(90).optional(),
  budgeting: z.enum(['occurrences', 'timeslices']).optional(),
  sliceTarget: z.number().gt(0).max(1).nullable().optional(),
  secrets: secretsBody.optional(),
};
const share = z.number().gt(0).lt(1);

export const monitorEndpoints = {
  listMonitorKinds: endpoint({
    id: 'signals.listMonitorKinds',
    method: 'GET',
    path: '/api/v1/monitor-kinds',
    summary: 'Kinds of monitors, with the form of each',
    access: 'read',
    response: z.object({ items: z.array(monitorKind) }),
  }),
  listMonitors: endpoint({
    id: 'signals.listMonitors',
    method: 'GET',
    path: '/api/v1/monitors',
    summary: 'Monitors: those that are down first, then unknown, then by name',
    access: 'read',
    query: z.strictObject({
      ...pageQuery,
      state: z.enum(['up', 'down', 'unknown', 'paused']).optional(),
      serviceId: z.string().max(100).optional(),
      text: z.string().max(200).optional(),
    }),
    response: pageOf(monitor).extend({
      counts: z.object({
        up: z.number().int(),
        down: z.number().int(),
        unknown: z.number().int(),
        paused: z.number().int(),
      }),
    }),
  }),
  getMonitor: endpoint({
    id: 'signals.getMonitor',
    method: 'GET',
    path: '/api/v1/monitors/:id',
    summary: 'One monitor with its places, last results and turns',
    access: 'read',
    params: byId,
    response: monitorDetail,
  }),
  monitorSeries: endpoint({
    id: 'signals.monitorSeries',
    method: 'GET',
    path: '/api/v1/monitors/:id/series',
    summary: 'Time taken and failures over time: by five minutes for a day, by the hour beyond',
    access: 'read',
    params: byId,
    query: z.strictObject({
      hours: z.coerce.number().int().min(1).max(2160).default(24),
      place: z.string().max(100).optional(),
    }),
    response: z.object({ seconds: z.number().int(), from: instant, to: instant, points: z.array(seriesPoint) }),
  }),
  createMonitor: endpoint({
    id: 'signals.createMonitor',
    method: 'POST',
    path: '/api/v1/monitors',
    summary: 'Watch something. `spec` is what its kind asks for (GET /api/v1/monitor-kinds)',
    access: 'signals.createMonitor',
    body: z.strictObject({
      name,
      kind: z.string().max(40),
      spec: specBody,
      secrets: secretsBody.optional(),
      ...settings,
    }),
    response: monitorDetail,
    status: 201,
  }),
  updateMonitor: endpoint({
    id: 'signals.updateMonitor',
    method: 'PATCH',
    path: '/api/v1/monitors/:id',
    summary: 'Change a monitor, pause it (enabled: false) or let it go on. Takes If-Match',
    access: 'signals.updateMonitor',
    params: byId,
    body: z.strictObject({
      name: name.optional(),
      spec: specBody.optional(),
      secrets: secretsBody.optional(),
      ...settings,
    }),
    response: monitorDetail,
  }),
  removeMonitor: endpoint({
    id: 'signals.removeMonitor',
    method: 'DELETE',
    path: '/api/v1/monitors/:id',
    summary: 'Stop watching, and forget what was seen',
    access: 'signals.removeMonitor',
    params: byId,
    response: gone,
  }),
  tryMonitor: endpoint({
    id: 'signals.tryMonitor',
    method: 'POST',
    path: '/api/v1/monitors/try',
    summary: 'Look once, now, from this node; nothing is kept and nobody is called',
    access: 'signals.tryMonitor',
    body: z.strictObject({
      kind: z.string().max(40),
      spec: specBody,
      secrets: secretsBody.optional(),
      timeoutSeconds: z.number().int().min(1).max(60).optional(),
      /** Use the secrets that this monitor keeps. */
      id: z.string().max(100).optional(),
    }),
    response: tried,
  }),
  listPlaces: endpoint({
    id: 'signals.listPlaces',
    method: 'GET',
    path: '/api/v1/monitor-places',
    summary: 'Where monitors look from: nodes of this product, and probes',
    access: 'read',
    response: z.object({ nodes: z.array(nodePlace), probes: z.array(probe) }),
  }),
  createProbe: endpoint({
    id: 'signals.createProbe',
    method: 'POST',
    path: '/api/v1/probes',
    summary: 'Admit a probe; answers its token, which is shown once',
    access: 'signals.createProbe',
    body: z.strictObject({ name: z.string().trim().min(1).max(100) }),
    response: probeToken,
    status: 201,
  }),
  renewProbe: endpoint({
    id: 'signals.renewProbe',
    method: 'POST',
    path: '/api/v1/probes/:id/renew',
    summary: 'A fresh token for a probe; the one before stops working',
    access: 'signals.renewProbe',
    params: byId,
    response: probeToken,
  }),
  removeProbe: endpoint({
    id: 'signals.removeProbe',
    method: 'DELETE',
    path: '/api/v1/probes/:id',
    summary: 'Take a probe away; refused while something is looked at by it alone',
    access: 'signals.removeProbe',
    params: byId,
    response: gone,
  }),
  listSlos: endpoint({
    id: 'signals.listSlos',
    method: 'GET',
    path: '/api/v1/slos',
    summary: 'Objectives with their budgets and burn rates',
    access: 'read',
    response: pageOf(slo),
  }),
  getSlo: endpoint({
    id: 'signals.getSlo',
    method: 'GET',
    path: '/api/v1/slos/:id',
    summary: 'One objective with its budget as it went down',
    access: 'read',
    params: byId,
    response: sloDetail,
  }),
  createSlo: endpoint({
    id: 'signals.createSlo',
    method: 'POST',
    path: '/api/v1/slos',
    summary: 'Promise a share of good events over a window',
    access: 'signals.createSlo',
    body: z.strictObject({ name, target: share, source: sloSource, ...sloBody }),
    response: sloDetail,
    status: 201,
  }),
  updateSlo: endpoint({
    id: 'signals.updateSlo',
    method: 'PATCH',
    path: '/api/v1/slos/:id',
    summary: 'Change an objective. Takes If-Match',
    access: 'signals.updateSlo',
    params: byId,
    body: z.strictObject({ name: name.optional(), target: share.optional(), source: sloSource.optional(), ...sloBody }),
    response: sloDetail,
  }),
  removeSlo: endpoint({
    id: 'signals.removeSlo',
    method: 'DELETE',
    path: '/api/v1/slos/:id',
    summary: 'Take an objective away',
    access: 'signals.removeSlo',
    params: byId,
    response: gone,
  }),
  importSlos: endpoint({
    id: 'signals.importSlos',
    method: 'POST',
    path: '/api/v1/slos/import',
    summary: 'Take objectives from OpenSLO v1 YAML: all of the file or nothing',
    access: 'signals.importSlos',
    body: z.strictObject({ text: z.string().min(1).max(262_144) }),
    response: z.object({ items: z.array(z.object({ id: z.string(), name: z.string(), made: z.boolean() })) }),
  }),
  exportSlo: endpoint({
    id: 'signals.exportSlo',
    method: 'GET',
    path: '/api/v1/slos/:id/openslo',
    summary: 'One objective as OpenSLO v1 YAML',
    access: 'read',
    params: byId,
    response: z.object({ text: z.string() }),
  }),
};
