/** What crosses the wire about telling customers: components, messages, the clock, subscribers, the public page's settings. */
import { z } from 'zod';
import { componentState, messageKind, publicStatus, updateFields, updatePatch } from './comms-lint/fields.ts';
import { messageEndpoints, variant } from './comms-messages.ts';
import { copyEndpoints } from './comms-copies.ts';
import { maintenanceEndpoints } from './comms-maintenance.ts';
import { pageEndpoints } from './comms-pages.ts';
import { noticeEndpoints } from './comms-notices.ts';
import { endpoint, id, instant, pageOf, pageQuery, personRef } from './core.ts';

export const component = z.object({
  id: z.string(),
  /** As customers read it. */
  name: z.string(),
  group: z.string().nullable(),
  description: z.string().nullable(),
  position: z.number().int(),
  /** A hidden component appears nowhere in public. */
  visible: z.boolean(),
  serviceIds: z.array(z.string()),
  state: componentState,
  stateSince: instant,
  /** Why somebody set the state by hand; null when it came with a message. */
  stateReason: z.string().nullable(),
  stateBy: personRef.nullable(),
  /** Active incidents on its services that the page does not show; each a reason to doubt the state. */
  doubts: z.array(z.object({ incidentId: z.string(), key: z.string(), severity: z.number() })),
});
export type Component = z.infer<typeof component>;

const componentFields = {
  name: z.string().trim().min(1).max(80),
  group: z.string().trim().min(1).max(80).nullable(),
  description: z.string().trim().max(300).nullable(),
  position: z.number().int().min(0).max(10_000),
  visible: z.boolean(),
  serviceIds: z.array(z.string().max(40)).max(100),
};

const finding = z.object({
  rule: z.string(),
  level: z.enum(['error', 'warn']),
  secret: z.boolean(),
  reason: z.string(),
  field: z.string(),
  from: z.number().int(),
  to: z.number().int(),
  words: z.string(),
  suggestion: z.object({ text: z.string(), replaces: z.boolean() }).nullable(),
});
export const lintReport = z.object({
  missing: z.array(z.object({ path: z.string(), message: z.string() })),
  findings: z.array(finding),
  errors: z.array(z.string()),
  secrets: z.array(z.string()),
});

/** What the browser needs to run the very same lint under the writer's fingers. */
export const lintContext = z.object({
  audience: z.enum(['public', 'developer', 'executive', 'partner', 'internal']),
  kind: messageKind,
  phase: z.string(),
  severity: z.number(),
  declaredAt: instant,
  longestSeconds: z.number(),
  currentStates: z.record(z.string(), componentState),
  previous: updateFields.nullable(),
  lists: z.object({
    thirdPartyNames: z.array(z.string()),
    directoryNames: z.array(z.string()),
    customerNames: z.array(z.string()),
    publicHosts: z.array(z.string()),
    supportContacts: z.array(z.string()),
    internalNames: z.array(z.string()),
    securityTerms: z.array(z.string()),
  }),
  /** What the record counts, and earlier incidents somebody confirmed. */
  record: z.object({
    pctRequests: z.number().nullable(),
    customers: z.number().nullable(),
    stage: z.object({ k: z.number(), n: z.number() }).nullable(),
  }),
  recurrence: z.object({
    earlier: z.array(z.object({ id: z.string(), publicId: z.string().nullable() })),
    done: z.number(),
  }),
  unchanged: z.number(),
  incidentKind: z.string(),
  /** What does not work, by the names of the components. */
  what: z.string().nullable(),
});
export type LintContextBody = z.infer<typeof lintContext>;

const delivery = z.object({
  channel: z.enum([
    'status_page',
    'email',
    'webhook',
    'sms',
    'slack',
    'teams',
    'critical',
    'banner',
    'mastodon',
    'bluesky',
    'x',
    'linkedin',
    'mirror',
  ]),
  /** Recipients; 1 for the page. While a walk along many is under way: those it has come to. */
  total: z.number().int(),
  delivered: z.number().int(),
  failed: z.number().int(),
  /** `waiting`: it failed and is tried again at `nextTryAt`. */
  state: z.enum(['going', 'done', 'waiting', 'failed']),
  error: z.string().nullable(),
  nextTryAt: instant.nullable(),
  /** Where it can be seen. */
  url: z.string().nullable(),
});

export const message = z.object({
  id: z.string(),
  incidentId: z.string(),
  kind: messageKind,
  state: z.enum(['draft', 'published', 'discarded']),
  /** Where it is on its way (domain 5.1): `partly`: a channel still waits or failed. */
  stage: z.enum(['draft', 'linted', 'approved', 'publishing', 'partly', 'published', 'superseded', 'retracted']),
  /** What customers are owed it for, and by when. */
  because: z.string().nullable(),
  dueAt: instant.nullable(),
  retracted: z.object({ at: instant, reason: z.string() }).nullable(),
  exercise: z.boolean(),
  revision: z.object({
    id: z.string(),
    n: z.number().int(),
    /** Send it back when saving; a save on an older version is refused. */
    version: z.number().int(),
    fields: updateFields,
    factsHash: z.string(),
    publicStatus,
    writtenBy: personRef,
    writtenAt: instant,
    /** Correction: the revision this one replaces. */
    supersedes: z.string().nullable(),
    correctionReason: z.string().nullable(),
    overrides: z.array(z.object({ rule: z.string(), reason: z.string() })),
    approvedBy: personRef.nullable(),
    approvedAt: instant.nullable(),
    approvalRequestedAt: instant.nullable(),
    publishedBy: personRef.nullable(),
    publishedAt: instant.nullable(),
    /** When it was due, as the clock said; null when nothing was. */
    dueAt: instant.nullable(),
  }),
  /** Earlier published revisions, newest first: edits stay visible. */
  earlier: z.array(
    z.object({
      id: z.string(),
      n: z.number().int(),
      publishedAt: instant,
      fields: updateFields,
    }),
  ),
  lint: lintReport.nullable(),
  /** What still stands between this draft and the public, for the person asking. */
  hurdles: z.array(z.object({ rule: z.string(), text: z.string() })),
  /** True when an incident commander has to approve it. */
  needsApproval: z.boolean(),
  deliveries: z.array(delivery),
  publicUrl: z.string().nullable(),
});
export type Message = z.infer<typeof message>;

export const clock = z.object({
  incidentId: z.string(),
  /** `none`: policy asks for no public message here. */
  state: z.enum(['none', 'running', 'stopped']),
  stopped: z.enum(['resolved', 'not_needed', 'dismissed']).nullable(),
  stoppedReason: z.string().nullable(),
  nextDueAt: instant.nullable(),
  reason: z.enum(['first', 'scope', 'next', 'promised', 'resolution']).nullable(),
  overdue: z.boolean(),
  overdueSince: instant.nullable(),
  published: z.number().int(),
  lastPublishedAt: instant.nullable(),
  intervalSeconds: z.number().int().nullable(),
});
export type Clock = z.infer<typeof clock>;

const subscriber = z.object({
  id: z.string(),
  /** Masked: `a…@example.com`. */
  address: z.string(),
  state: z.enum(['pending', 'confirmed', 'unsubscribed', 'bounced']),
  channel: z.enum(['email', 'sms', 'webhook', 'slack', 'teams']),
  segments: z.array(z.string()),
  componentIds: z.array(z.string()),
  createdAt: instant,
  confirmedAt: instant.nullable(),
});

export const pageSettings = z.object({
  name: z.string(),
  url: z.string(),
  supportContact: z.string(),
});

const onIncident = z.strictObject({ id: z.string().max(60) });
const onMessage = z.strictObject({ id: id('msg') });
const onComponent = z.strictObject({ id: id('cmp') });
const preview = z.object({
  page: z.string(),
  /** Every other audience's words of the same fields. */
  variants: z.array(variant.omit({ factsHash: true, expired: true })),
  email: z.object({ subject: z.string(), text: z.string(), html: z.string() }),
});
export const endpoints = {
  listComponents: endpoint({
    id: 'comms.listComponents',
    method: 'GET',
    path: '/api/v1/components',
    summary: 'Components of the status page with their states',
    access: 'read',
    response: z.object({ items: z.array(component), page: pageSettings }),
  }),
  createComponent: endpoint({
    id: 'comms.createComponent',
    method: 'POST',
    path: '/api/v1/components',
    summary: 'Add a component to the status page',
    access: 'comms.createComponent',
    body: z.strictObject({
      ...componentFields,
      group: componentFields.group.default(null),
      description: componentFields.description.default(null),
      position: componentFields.position.optional(),
      visible: componentFields.visible.default(true),
      serviceIds: componentFields.serviceIds.default([]),
    }),
    response: component,
    status: 201,
  }),
  saveComponent: endpoint({
    id: 'comms.saveComponent',
    method: 'PATCH',
    path: '/api/v1/components/:id',
    summary: 'Change a component',
    access: 'comms.saveComponent',
    params: onComponent,
    body: z.strictObject(componentFields).partial(),
    response: component,
  }),
  setComponentState: endpoint({
    id: 'comms.setComponentState',
    method: 'POST',
    path: '/api/v1/components/:id/state',
    summary: 'Set the state of a component by hand, with the reason',
    access: 'comms.setComponentState',
    params: onComponent,
    body: z.strictObject({
      state: componentState,
      reason: z.string().trim().min(3).max(300),
    }),
    response: component,
  }),
  archiveComponent: endpoint({
    id: 'comms.archiveComponent',
    method: 'DELETE',
    path: '/api/v1/components/:id',
    summary: 'Take a component off the status page; its history stays',
    access: 'comms.archiveComponent',
    params: onComponent,
    response: z.undefined(),
    status: 204,
  }),
  listUpdates: endpoint({
    id: 'comms.listUpdates',
    method: 'GET',
    path: '/api/v1/incidents/:id/updates',
    summary: 'Messages of an incident, newest first, with the draft on top, and the clock',
    access: 'read',
    params: onIncident,
    response: z.object({
      incident: z.object({
        id: z.string(),
        key: z.string(),
        title: z.string(),
        severity: z.number(),
        phase: z.string(),
        exercise: z.boolean(),
      }),
      items: z.array(message),
      clock,
      lint: lintContext,
    }),
  }),
  readClock: endpoint({
    id: 'comms.readClock',
    method: 'GET',
    path: '/api/v1/incidents/:id/update-clock',
    summary: 'When the next customer update is due, and why',
    access: 'read',
    params: onIncident,
    response: clock,
  }),
  startDraft: endpoint({
    id: 'comms.startDraft',
    method: 'POST',
    path: '/api/v1/incidents/:id/updates',
    summary: 'Start a message, filled in from the record; an unpublished one of the same kind is given back instead',
    access: 'comms.startDraft',
    params: onIncident,
    body: z.strictObject({
      kind: messageKind.optional(),
      fields: updatePatch.optional(),
    }),
    response: message,
    status: 201,
  }),
  saveDraft: endpoint({
    id: 'comms.saveDraft',
    method: 'PATCH',
    path: '/api/v1/updates/:id',
    summary: 'Change an unpublished message; an approval given before falls away',
    access: 'comms.saveDraft',
    params: onMessage,
    body: z.strictObject({
      fields: updatePatch,
      version: z.number().int().optional(),
    }),
    response: message,
  }),
  discardDraft: endpoint({
    id: 'comms.discardDraft',
    method: 'DELETE',
    path: '/api/v1/updates/:id',
    summary: 'Throw an unpublished message away',
    access: 'comms.discardDraft',
    params: onMessage,
    response: z.undefined(),
    status: 204,
  }),
  askApproval: endpoint({
    id: 'comms.askApproval',
    method: 'POST',
    path: '/api/v1/updates/:id/ask-approval',
    summary: 'Ask the incident commander to approve a message',
    access: 'comms.askApproval',
    params: onMessage,
    response: message,
  }),
  approve: endpoint({
    id: 'comms.approve',
    method: 'POST',
    path: '/api/v1/updates/:id/approve',
    summary: 'Approve a message somebody else wrote',
    access: 'comms.approve',
    params: onMessage,
    response: message,
  }),
  publish: endpoint({
    id: 'comms.publish',
    method: 'POST',
    path: '/api/v1/updates/:id/publish',
    summary: 'Publish a message to every channel; in a drill, to the mirror only',
    access: 'comms.publish',
    params: onMessage,
    body: z.strictObject({
      /** The version that was read before pressing the button. */
      version: z.number().int().optional(),
      /** Lint errors let pass, each with its reason; secrets cannot be. */
      overrides: z
        .array(
          z.strictObject({
            rule: z.string().max(10),
            reason: z.string().trim().min(5).max(300),
          }),
        )
        .max(40)
        .optional(),
      /** Why it goes out although nobody could approve it within five minutes. */
      withoutApproval: z.strictObject({ reason: z.string().trim().min(10).max(300) }).optional(),
    }),
    response: message,
  }),
  startCorrection: endpoint({
    id: 'comms.startCorrection',
    method: 'POST',
    path: '/api/v1/updates/:id/correct',
    summary: 'Start a correction of a published message; the earlier text stays visible as an edit',
    access: 'comms.startCorrection',
    params: onMessage,
    body: z.strictObject({ reason: z.string().trim().min(5).max(300) }),
    response: message,
  }),
  waivePublicMessage: endpoint({
    id: 'comms.waivePublicMessage',
    method: 'POST',
    path: '/api/v1/incidents/:id/no-public-message',
    summary: 'Record that this incident needs no public message, and why',
    access: 'comms.waivePublicMessage',
    params: onIncident,
    body: z.strictObject({ reason: z.string().trim().min(10).max(600) }),
    response: clock,
  }),
  previewUpdate: endpoint({
    id: 'comms.previewUpdate',
    method: 'POST',
    path: '/api/v1/incidents/:id/updates/preview',
    summary: 'The status page and the mail as they would be with these fields',
    access: 'comms.startDraft',
    params: onIncident,
    body: z.strictObject({ kind: messageKind, fields: updatePatch }),
    response: preview,
  }),
  lint: endpoint({
    id: 'comms.lint',
    method: 'POST',
    path: '/api/v1/incidents/:id/updates/lint',
    summary: 'Check the fields of a message against every rule',
    access: 'read',
    params: onIncident,
    body: z.strictObject({ kind: messageKind, fields: updatePatch }),
    response: lintReport,
  }),
  listSubscribers: endpoint({
    id: 'comms.listSubscribers',
    method: 'GET',
    path: '/api/v1/subscribers',
    summary: 'Subscribers of the status page, addresses masked',
    access: 'subscribers.read',
    query: z.strictObject({
      ...pageQuery,
      state: z.enum(['pending', 'confirmed', 'unsubscribed', 'bounced']).optional(),
    }),
    response: pageOf(subscriber).extend({
      confirmed: z.number().int(),
      pending: z.number().int(),
    }),
  }),
  removeSubscriber: endpoint({
    id: 'comms.removeSubscriber',
    method: 'DELETE',
    path: '/api/v1/subscribers/:id',
    summary: 'Remove a subscriber and forget the address',
    access: 'comms.removeSubscriber',
    params: z.strictObject({ id: id('sub') }),
    response: z.undefined(),
    status: 204,
  }),
  ...messageEndpoints,
  ...noticeEndpoints,
  ...copyEndpoints,
  ...maintenanceEndpoints,
  ...pageEndpoints,
};
