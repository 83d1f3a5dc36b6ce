/** What crosses the wire for signals: alert groups, alerts, raw signals and integrations. */
import { z } from 'zod';
import { endpoint, instant, pageOf, pageQuery, personRef } from './core.ts';
import { caseOfGroup, correlationEndpoints, held } from './signals-correlation.ts';
import { ruleEndpoints } from './signals-rules.ts';
import { endEndpoints } from './signals-ends.ts';
import { hiddenEndpoints } from './signals-hidden.ts';
import { metricEndpoints } from './signals-metrics.ts';
import { monitorEndpoints } from './signals-monitors.ts';
import { supplierEndpoints } from './signals-suppliers.ts';

export * from './signals-correlation.ts';
export * from './signals-ends.ts';
export * from './signals-hidden.ts';
export * from './signals-rules.ts';
export * from './signals-metrics.ts';
export * from './signals-monitors.ts';
export * from './signals-suppliers.ts';

export const severity = z.enum(['critical', 'error', 'warning', 'info']);
export const groupState = z.enum(['open', 'acknowledged', 'resolved']);
export const alertState = z.enum(['firing', 'resolved']);
const reference = z.object({ id: z.string(), name: z.string() });
const link = z.object({ href: z.string(), text: z.string() });
const truth = z.enum(['true', 'false']).transform((word) => word === 'true');
const byId = z.strictObject({ id: z.string().min(1).max(100) });

export const group = z.object({
  id: z.string(),
  title: z.string(),
  severity,
  state: groupState,
  service: reference.extend({ slug: z.string() }).nullable(),
  integration: reference,
  /** Distinct alerts, those still firing, and triggers received by all of them. */
  alertCount: z.number().int(),
  firingCount: z.number().int(),
  eventCount: z.number().int(),
  /** It came back often; it resolves after a quiet window. */
  flapping: z.boolean(),
  firstAt: instant,
  lastAt: instant,
  acknowledgedAt: instant.nullable(),
  /** Who has it. Null with a time: its source said so. */
  acknowledgedBy: personRef.nullable(),
  acknowledgedVia: z.string().nullable(),
  /** Whose it is: who took its page last or was given it. Stays while others are called. */
  assignee: personRef.nullable(),
  /** Whom its page has called so far, while nobody has it. */
  asked: z.array(personRef),
  resolvedAt: instant.nullable(),
  resolvedBy: z.string().nullable(),
  incidentId: z.string().nullable(),
  incidentKey: z.string().nullable(),
  pageId: z.string().nullable(),
  /** The silence that kept people from being asked; it stays visible with its reason. */
  suppressed: z
    .object({ silenceId: z.string(), comment: z.string(), createdBy: z.string(), endsAt: instant })
    .nullable(),
  /** Nobody is asked about it although it fires, and why. */
  held: held.nullable(),
  /** The case with one probable cause that it stands in. */
  correlation: caseOfGroup.nullable(),
  test: z.boolean(),
  exercise: z.boolean(),
});
export type Group = z.infer<typeof group>;

export const alert = z.object({
  id: z.string(),
  groupId: z.string(),
  title: z.string(),
  severity,
  state: alertState,
  description: z.string(),
  source: z.string(),
  dedupKey: z.string(),
  service: reference.nullable(),
  integration: reference,
  labels: z.record(z.string(), z.string()),
  links: z.array(link),
  /** What was cut, replaced or assumed on the way in: `sanitized`, `cut:title`, `time_unusable` … */
  marks: z.array(z.string()),
  count: z.number().int(),
  flaps: z.number().int(),
  firstAt: instant,
  lastAt: instant,
  resolvedAt: instant.nullable(),
  /** The source's own times, when usable. */
  startedAt: instant.nullable(),
  endedAt: instant.nullable(),
  lastSignalId: z.string(),
  test: z.boolean(),
  exercise: z.boolean(),
});
export type Alert = z.infer<typeof alert>;

export const groupDetail = group.extend({ alerts: z.array(alert) });
export type GroupDetail = z.infer<typeof groupDetail>;

export const occurrence = z.object({ signalId: z.string(), effect: z.string(), at: instant });
export const alertDetail = alert.extend({
  details: z.record(z.string(), z.unknown()),
  /** What the last 200 signals did to it, newest first. */
  occurrences: z.array(occurrence),
});
export type AlertDetail = z.infer<typeof alertDetail>;

export const signal = z.object({
  id: z.string(),
  integration: reference,
  receivedAt: instant,
  /** `received` waits to be processed; the other two are terminal. */
  state: z.enum(['received', 'processed', 'rejected']),
  reason: z.string().nullable(),
  contentType: z.string(),
  headers: z.record(z.string(), z.string()),
  bodySize: z.number().int(),
  /** The body as text, at most 64 KiB of it; null after its retention. The sender's key is blanked out. */
  body: z.string().nullable(),
  bodyCut: z.boolean(),
  effects: z.array(
    z.object({ n: z.number().int(), alertId: z.string().nullable(), effect: z.string(), dedupKey: z.string() }),
  ),
  test: z.boolean(),
  exercise: z.boolean(),
});
export type Signal = z.infer<typeof signal>;

export const integration = z.object({
  id: z.string(),
  kind: z.string(),
  kindTitle: z.string(),
  name: z.string(),
  service: reference.nullable(),
  enabled: z.boolean(),
  version: z.number().int(),
  lastHeardAt: instant.nullable(),
  signalsLastDay: z.number().int(),
  /** Posts with a good key that could not be read. Non-null `garbage` = there were some in the last 24 hours. */
  garbageCount: z.number().int(),
  garbage: z.object({ at: instant, reason: z.string(), signalId: z.string().nullable() }).nullable(),
  /** Posts refused while it was switched off. */
  droppedCount: z.number().int(),
  lastDroppedAt: instant.nullable(),
  /** What its owner can set; `value` is null for secrets and for what is not set. */
  options: z.array(
    z.object({
      name: z.string(),
      label: z.string(),
      help: z.string(),
      secret: z.boolean(),
      multiline: z.boolean(),
      isSet: z.boolean(),
      value: z.string().nullable(),
    }),
  ),
  keys: z.array(z.object({ id: z.string(), hint: z.string(), validUntil: instant.nullable(), createdAt: instant })),
  createdAt: instant,
});
export type Integration = z.infer<typeof integration>;

export const snippet = z.object({ title: z.string(), language: z.string(), text: z.string() });
/** The secret part, shown to managers only. */
export const integrationKey = z.object({ id: z.string(), key: z.string(), snippets: z.array(snippet) });
export type IntegrationKey = z.infer<typeof integrationKey>;

export const integrationKind = z.object({
  kind: z.string(),
  title: z.string(),
  description: z.string(),
  /** Heading under which it is listed. */
  topic: z.string(),
});

export const heartbeat = z.object({
  id: z.string(),
  integration: reference,
  name: z.string(),
  description: z.string(),
  intervalSeconds: z.number().int(),
  enabled: z.boolean(),
  severity,
  lastPingAt: instant.nullable(),
  dueAt: instant,
  /** Since when it is missing. */
  expiredAt: instant.nullable(),
});
export type Heartbeat = z.infer<typeof heartbeat>;

export const matcher = z.strictObject({
  name: z.string().trim().min(1).max(200),
  value: z.string().max(500),
  /** A pattern over the whole value (RE2). */
  isRegex: z.boolean().default(false),
  isEqual: z.boolean().default(true),
});
export const silence = z.object({
  id: z.string(),
  /** Only alerts of this sender; everybody's when null. */
  integration: reference.nullable(),
  matchers: z.array(matcher),
  startsAt: instant,
  endsAt: instant,
  createdBy: z.string(),
  comment: z.string(),
  state: z.enum(['pending', 'active', 'expired']),
});
export type Silence = z.infer<typeof silence>;

/** A silence with a name, for services, that lets critical alerts through unless the opposite was confirmed. */
export const maintenance = z.object({
  id: z.string(),
  name: z.string(),
  services: z.array(reference),
  matchers: z.array(matcher),
  startsAt: instant,
  endsAt: instant,
  createdBy: z.string(),
  comment: z.string(),
  holdsCritical: z.boolean(),
  state: z.enum(['pending', 'active', 'expired']),
});
export type Maintenance = z.infer<typeof maintenance>;

const listQuery = {
  ...pageQuery,
  severity: severity.optional(),
  serviceId: z.string().max(100).optional(),
  integrationId: z.string().max(100).optional(),
  text: z.string().max(200).optional(),
  exercise: truth.optional(),
  sort: z.enum(['lastAt', 'firstAt']).default('lastAt'),
};
const name = z.string().trim().min(1).max(120);

export const endpoints = {
  ...metricEndpoints,
  ...monitorEndpoints,
  ...correlationEndpoints,
  ...supplierEndpoints,
  ...ruleEndpoints,
  listGroups: endpoint({
    id: 'signals.listGroups',
    method: 'GET',
    path: '/api/v1/alert-groups',
    summary: 'Alert groups, newest first',
    access: 'read',
    query: z.strictObject({
      ...listQuery,
      /** `active` = open or acknowledged. */
      state: z.enum(['active', 'open', 'acknowledged', 'resolved']).optional(),
      incidentId: z.string().max(100).optional(),
      /** Without what stands beneath another group of an open case. */
      top: truth.optional(),
      /** Those that I have or that are assigned to me. */
      mine: truth.optional(),
    }),
    response: pageOf(group),
  }),
  getGroup: endpoint({
    id: 'signals.getGroup',
    method: 'GET',
    path: '/api/v1/alert-groups/:id',
    summary: 'One alert group with its newest 200 alerts',
    access: 'read',
    params: byId,
    response: groupDetail,
  }),
  acknowledgeGroup: endpoint({
    id: 'signals.acknowledgeGroup',
    method: 'POST',
    path: '/api/v1/alert-groups/:id/acknowledge',
    summary: 'Take a group; nobody else is asked',
    access: 'signals.acknowledgeGroup',
    params: byId,
    response: group,
  }),
  assignService: endpoint({
    id: 'signals.assignService',
    method: 'POST',
    path: '/api/v1/alert-groups/:id/service',
    summary: 'Say which service a group is about; its people are asked',
    access: 'signals.assignService',
    params: byId,
    body: z.strictObject({ serviceId: z.string().min(1).max(100) }),
    response: group,
  }),
  resolveGroup: endpoint({
    id: 'signals.resolveGroup',
    method: 'POST',
    path: '/api/v1/alert-groups/:id/resolve',
    summary: 'Resolve a group and what still fires in it',
    access: 'signals.resolveGroup',
    params: byId,
    body: z.strictObject({ reason: z.string().max(1000).optional() }).optional(),
    response: group,
  }),
  listAlerts: endpoint({
    id: 'signals.listAlerts',
    method: 'GET',
    path: '/api/v1/alerts',
    summary: 'Alerts, newest first',
    access: 'read',
    query: z.strictObject({ ...listQuery, state: alertState.optional(), groupId: z.string().max(100).optional() }),
    response: pageOf(alert),
  }),
  getAlert: endpoint({
    id: 'signals.getAlert',
    method: 'GET',
    path: '/api/v1/alerts/:id',
    summary: 'One alert with everything its source sent',
    access: 'read',
    params: byId,
    response: alertDetail,
  }),
  getSignal: endpoint({
    id: 'signals.getSignal',
    method: 'GET',
    path: '/api/v1/signals/:id',
    summary: 'One post as it was received, its state, and what it did',
    access: 'read',
    params: byId,
    response: signal,
  }),
  ...endEndpoints,
  ...hiddenEndpoints,
  listIntegrationKinds: endpoint({
    id: 'signals.listIntegrationKinds',
    method: 'GET',
    path: '/api/v1/integration-kinds',
    summary: 'Sources this version understands',
    access: 'read',
    response: z.object({ items: z.array(integrationKind) }),
  }),
  listIntegrations: endpoint({
    id: 'signals.listIntegrations',
    method: 'GET',
    path: '/api/v1/integrations',
    summary: 'Integrations with their health',
    access: 'read',
    response: pageOf(integration),
  }),
  getIntegration: endpoint({
    id: 'signals.getIntegration',
    method: 'GET',
    path: '/api/v1/integrations/:id',
    summary: 'One integration. Answers an ETag',
    access: 'read',
    params: byId,
    response: integration,
  }),
  createIntegration: endpoint({
    id: 'signals.createIntegration',
    method: 'POST',
    path: '/api/v1/integrations',
    summary: 'Add a source of alerts; answers its key and what to paste where',
    access: 'signals.createIntegration',
    body: z.strictObject({ kind: z.string().max(60), name, serviceId: z.string().max(100).nullable().default(null) }),
    response: integrationKey.extend({ integration }),
    status: 201,
  }),
  updateIntegration: endpoint({
    id: 'signals.updateIntegration',
    method: 'PATCH',
    path: '/api/v1/integrations/:id',
    summary: 'Rename it, give it another service, switch it off or on. Takes If-Match',
    access: 'signals.updateIntegration',
    params: byId,
    body: z.strictObject({
      name: name.optional(),
      serviceId: z.string().max(100).nullable().optional(),
      enabled: z.boolean().optional(),
    }),
    response: integration,
  }),
  configureIntegration: endpoint({
    id: 'signals.configureIntegration',
    method: 'POST',
    path: '/api/v1/integrations/:id/options',
    summary: 'Set what this kind of integration lets its owner set; an empty text takes it away',
    access: 'signals.configureIntegration',
    params: byId,
    body: z.strictObject({ options: z.record(z.string().max(60), z.string().max(20_000)) }),
    response: integration,
  }),
  listPosts: endpoint({
    id: 'signals.listPosts',
    method: 'GET',
    path: '/api/v1/integrations/:id/posts',
    summary:
      'The newest posts of an integration with the beginning of each; those that were refused, or those that were taken',
    access: 'read',
    params: byId,
    query: z.strictObject({ state: z.enum(['rejected', 'processed']).default('rejected') }),
    response: pageOf(
      z.object({
        id: z.string(),
        receivedAt: instant,
        state: z.string(),
        reason: z.string().nullable(),
        size: z.number().int(),
        /** The first 16 KiB as text; empty once the bytes were forgotten. The sender's key is blanked out. */
        beginning: z.string(),
        whole: z.boolean(),
      }),
    ),
  }),
  previewReading: endpoint({
    id: 'signals.previewReading',
    method: 'POST',
    path: '/api/v1/integrations/:id/preview',
    summary: 'What a pasted post would become with these options; nothing is stored',
    access: 'signals.configureIntegration',
    params: byId,
    body: z.strictObject({
      payload: z.string().max(200_000),
      options: z.record(z.string().max(60), z.string().max(20_000)).default({}),
    }),
    response: z.object({
      errors: z.array(z.string()),
      events: z.array(
        z.object({
          action: z.string(),
          key: z.string(),
          title: z.string(),
          severity,
          service: z.string().nullable(),
          description: z.string(),
          marks: z.array(z.string()),
        }),
      ),
      /** Of kinds with a mapping: each field, where its value came from, and what is wrong with its expression. */
      fields: z.array(
        z.object({
          name: z.string(),
          text: z.string(),
          from: z.enum(['mapping', 'member', 'nothing']),
          member: z.string().nullable(),
          error: z.string().nullable(),
        }),
      ),
    }),
  }),
  removeIntegration: endpoint({
    id: 'signals.removeIntegration',
    method: 'DELETE',
    path: '/api/v1/integrations/:id',
    summary: 'Remove an integration that never sent anything',
    access: 'signals.removeIntegration',
    params: byId,
    response: z.object({ id: z.string() }),
  }),
  rotateKey: endpoint({
    id: 'signals.rotateKey',
    method: 'POST',
    path: '/api/v1/integrations/:id/rotate-key',
    summary: 'Make a new key; the old one works for the overlap, or ends now',
    access: 'signals.rotateKey',
    params: byId,
    body: z.strictObject({ overlapHours: z.number().int().min(0).max(720).default(24) }),
    response: integrationKey,
  }),
  revealKey: endpoint({
    id: 'signals.revealKey',
    method: 'POST',
    path: '/api/v1/integrations/:id/reveal-key',
    summary: 'Show the key and the snippets again; leaves an audit entry',
    access: 'signals.revealKey',
    params: byId,
    response: integrationKey,
  }),
  listHeartbeats: endpoint({
    id: 'signals.listHeartbeats',
    method: 'GET',
    path: '/api/v1/heartbeats',
    summary: 'Heartbeats: what must call in time',
    access: 'read',
    response: pageOf(heartbeat),
  }),
  saveHeartbeat: endpoint({
    id: 'signals.saveHeartbeat',
    method: 'POST',
    path: '/api/v1/heartbeats',
    summary: 'Make a heartbeat, or change the one of that name in that integration',
    access: 'signals.saveHeartbeat',
    body: z.strictObject({
      integrationId: z.string().max(100),
      name: z.string().trim().min(1).max(200),
      description: z.string().max(1000).optional(),
      intervalSeconds: z.number().int().min(60).max(31_622_400).optional(),
      enabled: z.boolean().optional(),
      severity: severity.optional(),
    }),
    response: heartbeat,
  }),
  removeHeartbeat: endpoint({
    id: 'signals.removeHeartbeat',
    method: 'DELETE',
    path: '/api/v1/heartbeats/:id',
    summary: 'Take a heartbeat away',
    access: 'signals.removeHeartbeat',
    params: byId,
    response: z.object({ id: z.string() }),
  }),
  listSilences: endpoint({
    id: 'signals.listSilences',
    method: 'GET',
    path: '/api/v1/silences',
    summary: 'Silences that hold, will hold, or ended in the last five days',
    access: 'read',
    response: pageOf(silence),
  }),
  previewSilence: endpoint({
    id: 'signals.previewSilence',
    method: 'POST',
    path: '/api/v1/silences/preview',
    summary: 'What these matchers would have hidden in the last seven days (of the newest 10,000 alerts)',
    access: 'read',
    body: z.strictObject({ matchers: z.array(matcher).min(1).max(50) }),
    response: z.object({ hidden: z.number().int(), total: z.number().int(), examples: z.array(z.string()) }),
  }),
  createSilence: endpoint({
    id: 'signals.createSilence',
    method: 'POST',
    path: '/api/v1/silences',
    summary: 'Do not page for alerts that match, until an end and for a reason',
    access: 'signals.createSilence',
    body: z.strictObject({
      matchers: z.array(matcher).min(1).max(50),
      startsAt: instant.optional(),
      endsAt: instant,
      comment: z.string().trim().min(1).max(2000),
    }),
    response: silence,
    status: 201,
  }),
  expireSilence: endpoint({
    id: 'signals.expireSilence',
    method: 'POST',
    path: '/api/v1/silences/:id/expire',
    summary: 'End a silence now',
    access: 'signals.expireSilence',
    params: byId,
    response: silence,
  }),
  listMaintenance: endpoint({
    id: 'signals.listMaintenance',
    method: 'GET',
    path: '/api/v1/maintenance-windows',
    summary: 'Maintenance windows that hold, will hold, or ended in the last five days',
    access: 'read',
    response: pageOf(maintenance),
  }),
  planMaintenance: endpoint({
    id: 'signals.planMaintenance',
    method: 'POST',
    path: '/api/v1/maintenance-windows',
    summary:
      'Hold new alerts of services for at most 30 days; critical ones page unless `holdCritical`. Ends early as a silence does',
    access: 'signals.planMaintenance',
    body: z.strictObject({
      name: z.string().trim().min(1).max(120),
      serviceIds: z.array(z.string().max(100)).max(50).default([]),
      matchers: z.array(matcher).max(50).default([]),
      startsAt: instant.optional(),
      endsAt: instant,
      reason: z.string().trim().min(1).max(1800),
      holdCritical: z.boolean().default(false),
    }),
    response: maintenance,
    status: 201,
  }),
  testIntegration: endpoint({
    id: 'signals.testIntegration',
    method: 'POST',
    path: '/api/v1/integrations/:id/test',
    summary: 'Send a test alert through the real path; pages only when asked',
    access: 'signals.testIntegration',
    params: byId,
    body: z.strictObject({
      action: z.enum(['trigger', 'resolve']).default('trigger'),
      page: z.boolean().default(false),
    }),
    response: z.object({ signalId: z.string(), groupId: z.string().nullable() }),
  }),
};
