/** What crosses the wire around messages: their variants, what they promised and left open, earlier incidents, measures, segments. */
import { z } from 'zod';
import { endpoint, id, instant, personRef } from './core.ts';

const onIncident = z.strictObject({ id: z.string().max(60) });
const onMessage = z.strictObject({ id: id('msg') });

export const variant = z.object({
  audience: z.enum(['banner', 'sms', 'social', 'critical', 'developer', 'partner', 'support', 'executive']),
  text: z.string(),
  length: z.number().int(),
  /** Longest text the place allows; null where there is room. */
  most: z.number().int().nullable(),
  factsHash: z.string(),
  /** A newer revision exists: these words no longer hold (C8). */
  expired: z.boolean(),
});
export type Variant = z.infer<typeof variant>;

export const unknown = z.object({
  id: z.string(),
  text: z.string(),
  state: z.enum(['open', 'answered', 'withdrawn']),
  answer: z.string(),
  openedAt: instant,
  settledAt: instant.nullable(),
});

export const commitment = z.object({
  id: z.string(),
  kind: z.enum(['next_update', 'estimate', 'confirm_estimate', 'report']),
  text: z.string(),
  dueAt: instant,
  state: z.enum(['open', 'kept', 'missed', 'withdrawn']),
  settledAt: instant.nullable(),
});

const score = z.object({
  kept: z.number().int(),
  missed: z.number().int(),
  withdrawn: z.number().int(),
  open: z.number().int(),
  share: z.number().nullable(),
});

const readBack = z.object({
  channel: z.string(),
  state: z.enum(['same', 'differs', 'unreachable']),
  detail: z.string(),
  readAt: instant,
  differsSince: instant.nullable(),
  alerted: z.boolean(),
});

const candidate = z.object({
  incidentId: z.string(),
  key: z.string(),
  title: z.string(),
  likeness: z.number(),
  declaredAt: instant,
  state: z.enum(['open', 'confirmed', 'rejected']),
});

export const followUp = z.object({
  unknowns: z.array(unknown),
  commitments: z.array(commitment),
  readBacks: z.array(readBack),
  recurrences: z.array(candidate),
  /** How well it works now, by the record's last measure; `stale` after ten minutes. */
  expectation: z.object({ text: z.string(), asOf: instant, stale: z.boolean() }).nullable(),
  /** Who speaks for us: one person at every instant. */
  contact: z.object({ person: personRef.nullable(), channel: z.string() }),
  posts: z.array(
    z.object({
      revisionId: z.string(),
      channel: z.enum(['mastodon', 'bluesky', 'x', 'linkedin']),
      state: z.enum(['waiting', 'posted', 'failed', 'to_copy']),
      text: z.string(),
      url: z.string().nullable(),
      error: z.string().nullable(),
    }),
  ),
});
export type FollowUp = z.infer<typeof followUp>;

const done = { response: z.undefined(), status: 204 } as const;

export const messageEndpoints = {
  readFollowUp: endpoint({
    id: 'comms.readFollowUp',
    method: 'GET',
    path: '/api/v1/incidents/:id/follow-up',
    summary: 'What messages left open and promised, what channels show, and earlier incidents like this one',
    access: 'read',
    params: onIncident,
    response: followUp,
  }),
  readVariants: endpoint({
    id: 'comms.readVariants',
    method: 'GET',
    path: '/api/v1/updates/:id/variants',
    summary: 'What each audience reads of a message: banner, SMS, social, support macros, executive brief and others',
    access: 'read',
    params: onMessage,
    response: z.object({ items: z.array(variant) }),
  }),
  confirmRecurrence: endpoint({
    id: 'comms.confirmRecurrence',
    method: 'POST',
    path: '/api/v1/incidents/:id/recurrences',
    summary: 'Say that an earlier incident was the same kind of event, or that it was not',
    access: 'comms.confirmRecurrence',
    params: onIncident,
    body: z.strictObject({
      earlierId: z.string().max(60),
      state: z.enum(['confirmed', 'rejected']),
      /** What was alike, in customers' words. */
      alike: z.string().trim().max(300).optional(),
    }),
    ...done,
  }),
  clear: endpoint({
    id: 'comms.clear',
    method: 'POST',
    path: '/api/v1/updates/:id/clear',
    summary: 'Security or legal lets a message pass that tells of exposed data',
    access: 'comms.clear',
    params: onMessage,
    body: z.strictObject({ part: z.enum(['security', 'legal']), note: z.string().trim().max(400).optional() }),
    ...done,
  }),
  retract: endpoint({
    id: 'comms.retract',
    method: 'POST',
    path: '/api/v1/updates/:id/retract',
    summary: 'Take a published message back, visibly',
    access: 'comms.retract',
    params: onMessage,
    body: z.strictObject({ reason: z.string().trim().min(5).max(300) }),
    ...done,
  }),
  waiveDraft: endpoint({
    id: 'comms.waiveDraft',
    method: 'POST',
    path: '/api/v1/updates/:id/not-needed',
    summary: 'Record that a draft customers were owed is not needed, because',
    access: 'comms.waiveDraft',
    params: onMessage,
    body: z.strictObject({ reason: z.string().trim().min(10).max(400) }),
    ...done,
  }),
  readMeasures: endpoint({
    id: 'comms.readMeasures',
    method: 'GET',
    path: '/api/v1/communication/measures',
    summary: 'How well we keep our word to customers: updates in time by quarter, promises kept, what readers say',
    access: 'read',
    response: z.object({
      punctuality: z.array(
        z.object({
          quarter: z.string(),
          due: z.number().int(),
          onTime: z.number().int(),
          share: z.number().nullable(),
        }),
      ),
      commitments: score,
      feedback: z.array(z.object({ week: z.string(), helped: z.number().int(), total: z.number().int() })),
    }),
  }),
  setSegments: endpoint({
    id: 'comms.setSegments',
    method: 'PUT',
    path: '/api/v1/subscribers/:id/segments',
    summary: 'Put a subscriber into the segment of critical operations, or take it out',
    access: 'comms.setSegments',
    params: z.strictObject({ id: id('sub') }),
    body: z.strictObject({ segments: z.array(z.enum(['critical_operations'])).max(5) }),
    ...done,
  }),
  reportBounce: endpoint({
    id: 'comms.reportBounce',
    method: 'POST',
    path: '/api/v1/subscribers/bounces',
    summary: 'A mail service reports that an address is gone or that its reader complained',
    access: 'comms.reportBounce',
    body: z.strictObject({
      address: z.string().max(254),
      complaint: z.boolean().default(false),
      error: z.string().max(300).default(''),
    }),
    ...done,
  }),
};
