/** Escalation policies and pages as they cross the wire: who is called, when, in which order, and what became of it. Part of `people.ts`. */
import { z } from 'zod';
import { endpoint, instant, pageOf, pageQuery, personRef } from './core.ts';
import { byId, dutyWindow, name, note, someId, version, warning } from './people-schedules.ts';

// ---------------------------------------------------------------- policies
/**
 * Whom a step calls: `schedule` (whoever is on call), `user`, `team` (all its members), `team_on_call` (whoever is on call
 * in its schedules), `role` (the key of an incident role: whoever has it in the page's incident, else whoever is on its rota), `webhook` (`whk_…`), `room` of a chat (`mattermost:on-call`). The last two are told, not called.
 */
export const targetKind = z.enum(['schedule', 'user', 'team', 'team_on_call', 'role', 'webhook', 'room']);
export type TargetKind = z.infer<typeof targetKind>;
const target = z.strictObject({ kind: targetKind, id: z.string().min(1).max(120) });
const hoursShape = {
  windows: z.array(dutyWindow).min(1, 'at least one stretch of hours').max(14),
  /** What a page does that comes at another time: `skip` this step, or `wait` for its hours. */
  outside: z.enum(['skip', 'wait']),
};
/** When a step applies; what is left out does not matter. */
export const stepCondition = z.strictObject({
  hours: z
    .strictObject({
      ...hoursShape,
      /** IANA place name: where the hours are read off the wall. */ zone: z.string().max(100),
    })
    .optional(),
  urgency: z.enum(['high', 'low']).optional(),
  /** 1 (highest) to 4. A page whose priority nobody knows meets every priority. */
  priorities: z.array(z.number().int().min(1).max(4)).min(1).max(4).optional(),
});
export type StepCondition = z.infer<typeof stepCondition>;
const stepShape = {
  /** `round_robin`: one of its people, whose turn was longest ago. */
  call: z.enum(['all', 'round_robin']).default('all'),
};
export const policyInput = z.strictObject({
  name,
  teamId: someId.nullable().default(null),
  steps: z
    .array(
      z.strictObject({
        /** Seconds to wait for an answer; under 30 becomes 30, over a day becomes a day. */
        delaySeconds: z.number().min(0).max(1e12),
        targets: z.array(target).min(1, 'a step calls at least one target').max(20),
        ...stepShape,
        when: stepCondition.nullish(),
      }),
    )
    .min(1, 'a policy has at least one step')
    .max(20, 'at most 20 steps'),
  /** How often the steps are gone through again. */
  repeat: z.number().int().min(0).max(10).default(0),
  /** Minutes after which a page that somebody took asks them again, 5 to a week; null: never. */
  ackTimeoutMinutes: z.number().int().min(5).max(10_080).nullable().default(null),
});
export type PolicyInput = z.input<typeof policyInput>;

/** A step at this moment: it applies, is passed over, or a page would wait for it. */
const gate = z.object({
  state: z.enum(['open', 'closed', 'later']),
  why: z.string().nullable(),
  until: instant.nullable(),
});
const policyStep = z.object({
  delaySeconds: z.number(),
  targets: z.array(z.object({ kind: targetKind, id: z.string(), name: z.string() })),
  call: z.enum(['all', 'round_robin']),
  when: stepCondition.nullable(),
  /** Whom its targets lead to now. */
  now: z.array(personRef),
});
const stepNow = z.object({
  /** Of a round: whose turn is next. */
  nextInRound: personRef.nullable(),
  /** Its hours; urgency and priority are a page's. */
  gate,
});
export const policy = z.object({
  id: z.string(),
  name: z.string(),
  teamId: z.string().nullable(),
  steps: z.array(policyStep),
  /** How each step stands at this moment, in their order. */
  stepsNow: z.array(stepNow),
  repeat: z.number(),
  ackTimeoutMinutes: z.number().nullable(),
  version: z.number(),
  warnings: z.array(warning),
});
export type Policy = z.infer<typeof policy>;
export type PolicyStep = Policy['steps'][number];
export type PolicyStepNow = Policy['stepsNow'][number];

export const pageWebhook = z.object({
  id: z.string(),
  name: z.string(),
  url: z.string(),
  /** Why it takes no calls any more, when it does not. */
  disabledReason: z.string().nullable(),
  createdAt: instant,
});
export type PageWebhook = z.infer<typeof pageWebhook>;
/** A room of a chat that steps can tell: its target id, and how people know it. */
export const pageRoom = z.object({ id: z.string(), name: z.string(), channel: z.string() });

// ---------------------------------------------------------------- pages
export const pageState = z.enum(['paging', 'acknowledged', 'unanswered', 'stopped']);
export const page = z.object({
  id: z.string(),
  subject: z.object({ kind: z.string(), id: z.string() }),
  incidentId: z.string().nullable(),
  title: z.string(),
  body: z.string(),
  urgency: z.enum(['high', 'low']),
  /** 1 (highest) to 4; null: not known. */
  priority: z.number().nullable(),
  serviceName: z.string().nullable(),
  link: z.string(),
  policyName: z.string(),
  state: pageState,
  step: z.number(),
  round: z.number(),
  /** When the next people are called unless somebody answers. */
  nextStepAt: instant.nullable(),
  called: z.array(personRef),
  /** Whose it is: who took it last or was given it. Stays while others are called. */
  assignee: personRef.nullable(),
  acknowledgedBy: personRef.nullable(),
  acknowledgedAt: instant.nullable(),
  acknowledgedVia: z.string().nullable(),
  /** Minutes after which it asks again once somebody has taken it; null: never. */
  ackTimeoutMinutes: z.number().nullable(),
  /** When who has it is asked again, and why: it was put off, or nothing was heard. */
  asksAgainAt: instant.nullable(),
  asksAgainWhy: z.enum(['ack_timeout', 'snooze']).nullable(),
  endReason: z.string().nullable(),
  exercise: z.boolean(),
  createdAt: instant,
});
export type Page = z.infer<typeof page>;
export const pageEvent = z.object({
  at: instant,
  reason: z.string(),
  text: z.string(),
  step: z.number().nullable(),
  round: z.number().nullable(),
  person: personRef.nullable(),
  channel: z.string().nullable(),
  /** How the message itself fared: queued, sending, delivered, failed, withdrawn. */
  delivery: z.object({ state: z.string(), error: z.string().nullable() }).nullable(),
});
export type PageEvent = z.infer<typeof pageEvent>;
/** A turn that has not come yet, by the page's own frozen policy and who is on call at this moment. */
export const upcomingTurn = z.object({
  /** `wait`: nothing happens until then, because a step has hours. */
  stage: z.enum(['step', 'team_leads', 'emergency', 'wait', 'unanswered']),
  /** From 1; null outside the steps. */
  step: z.number().nullable(),
  round: z.number(),
  /** Null: nobody is being called, so there is no time. */
  at: instant.nullable(),
  people: z.array(personRef.extend({ because: z.string() })),
  /** Rooms and programs that are told. */
  told: z.array(z.string()),
  /** Steps passed over on the way, and why. */
  notes: z.array(z.string()),
});
export type UpcomingTurn = z.infer<typeof upcomingTurn>;
const relatedPage = page.pick({
  id: true,
  state: true,
  policyName: true,
  called: true,
  acknowledgedBy: true,
  createdAt: true,
});
const pageWithLog = page.extend({
  log: z.array(pageEvent),
  /** Who is next, or would have been. */
  upcoming: z.array(upcomingTurn),
  /** Other pages about the same thing that have not ended. */
  others: z.array(relatedPage),
});
export type PageWithLog = z.infer<typeof pageWithLog>;
const none = z.object({});
const words = note.max(500).optional();

export const pagingEndpoints = {
  policies: endpoint({
    id: 'people.policies',
    method: 'GET',
    path: '/api/v1/escalation-policies',
    summary: 'All escalation policies',
    access: 'read',
    response: z.object({ items: z.array(policy) }),
  }),
  policy: endpoint({
    id: 'people.policy',
    method: 'GET',
    path: '/api/v1/escalation-policies/:id',
    summary: 'One policy; its ETag is its version',
    access: 'read',
    params: byId,
    response: policy,
  }),
  createPolicy: endpoint({
    id: 'people.createPolicy',
    method: 'POST',
    path: '/api/v1/escalation-policies',
    summary: 'Make an escalation policy',
    access: 'people.createPolicy',
    body: policyInput,
    response: policy,
    status: 201,
  }),
  updatePolicy: endpoint({
    id: 'people.updatePolicy',
    method: 'PUT',
    path: '/api/v1/escalation-policies/:id',
    summary: 'Change a policy; pages already running keep the one they started with',
    access: 'people.updatePolicy',
    params: byId,
    body: policyInput.extend({ version }),
    response: policy,
  }),
  deletePolicy: endpoint({
    id: 'people.deletePolicy',
    method: 'DELETE',
    path: '/api/v1/escalation-policies/:id',
    summary: 'Delete a policy that no service uses',
    access: 'people.deletePolicy',
    params: byId,
    response: none,
  }),
  pageWebhooks: endpoint({
    id: 'people.pageWebhooks',
    method: 'GET',
    path: '/api/v1/page-webhooks',
    summary: 'Programs that steps of policies can tell',
    access: 'read',
    response: z.object({ items: z.array(pageWebhook) }),
  }),
  createPageWebhook: endpoint({
    id: 'people.createPageWebhook',
    method: 'POST',
    path: '/api/v1/page-webhooks',
    summary: 'Add a program that steps can tell; calls are signed by the Standard Webhooks rules',
    access: 'people.createPageWebhook',
    body: z.strictObject({ name, url: z.string().trim().min(1).max(2000) }),
    /** `secret` signs the calls; shown this once. */
    response: pageWebhook.extend({ secret: z.string() }),
    status: 201,
  }),
  deletePageWebhook: endpoint({
    id: 'people.deletePageWebhook',
    method: 'DELETE',
    path: '/api/v1/page-webhooks/:id',
    summary: 'Remove a program that no policy tells any more',
    access: 'people.deletePageWebhook',
    params: byId,
    response: none,
  }),
  pageRooms: endpoint({
    id: 'people.pageRooms',
    method: 'GET',
    path: '/api/v1/page-rooms',
    summary: 'Chat rooms that steps of policies can tell',
    access: 'read',
    response: z.object({ items: z.array(pageRoom) }),
  }),

  pages: endpoint({
    id: 'people.pages',
    method: 'GET',
    path: '/api/v1/pages',
    summary: 'Pages, newest first; `state=open` are those still paging or unanswered',
    access: 'read',
    query: z.strictObject({
      ...pageQuery,
      state: z.enum(['open', 'all', 'paging', 'acknowledged', 'unanswered', 'stopped']).default('open'),
      /** Those that called me or are assigned to me. */
      mine: z.enum(['true', 'false']).default('false'),
      /** Those assigned to this person; `me`. */
      assignee: z.string().max(60).optional(),
      subject: z.string().max(60).optional(),
    }),
    response: pageOf(page),
  }),
  page: endpoint({
    id: 'people.page',
    method: 'GET',
    path: '/api/v1/pages/:id',
    summary: 'One page with its log: who was called when, why them, and who would be next',
    access: 'read',
    params: byId,
    response: pageWithLog,
  }),
  acknowledge: endpoint({
    id: 'people.acknowledge',
    method: 'POST',
    path: '/api/v1/pages/:id/acknowledge',
    summary: 'Take the page; 409 says who already has it',
    access: 'people.acknowledge',
    params: byId,
    response: page,
  }),
  snooze: endpoint({
    id: 'people.snooze',
    method: 'POST',
    path: '/api/v1/pages/:id/snooze',
    summary: 'Put a page off, until an instant or for a number of seconds; it is yours until then and asks you again',
    access: 'people.snooze',
    params: byId,
    body: z.strictObject({ until: instant.optional(), forSeconds: z.number().optional(), note: words }),
    response: page,
  }),
  endSnooze: endpoint({
    id: 'people.endSnooze',
    method: 'DELETE',
    path: '/api/v1/pages/:id/snooze',
    summary: 'Take a snooze back; the page stays with who has it',
    access: 'people.endSnooze',
    params: byId,
    response: page,
  }),
  reassign: endpoint({
    id: 'people.reassign',
    method: 'POST',
    path: '/api/v1/pages/:id/reassign',
    summary: 'Give a page to another person, who is called at once; to oneself takes it over',
    access: 'people.reassign',
    params: byId,
    body: z.strictObject({ userId: someId, note: words }),
    response: page,
  }),
  addResponders: endpoint({
    id: 'people.addResponders',
    method: 'POST',
    path: '/api/v1/pages/:id/responders',
    summary: 'Ask further people, teams or policies for help with the same thing',
    access: 'people.addResponders',
    params: byId,
    body: z.strictObject({
      userIds: z.array(someId).max(20).default([]),
      teamIds: z.array(someId).max(20).default([]),
      policyIds: z.array(someId).max(20).default([]),
      note: words,
    }),
    response: z.object({
      added: z.array(
        z.object({ pageId: z.string(), name: z.string(), /** False: they are called already. */ isNew: z.boolean() }),
      ),
    }),
    status: 201,
  }),
  callNext: endpoint({
    id: 'people.callNext',
    method: 'POST',
    path: '/api/v1/pages/:id/call-next',
    summary: 'Call the next people now; of a page one has taken, give it back',
    access: 'people.callNext',
    params: byId,
    body: z.strictObject({ note: words }),
    response: page,
  }),
  setAckTimeout: endpoint({
    id: 'people.setAckTimeout',
    method: 'PUT',
    path: '/api/v1/pages/:id/ack-timeout',
    summary: 'Say for one page after how many minutes it asks again once taken; null never',
    access: 'people.setAckTimeout',
    params: byId,
    body: z.strictObject({ minutes: z.number().int().min(5).max(10_080).nullable() }),
    response: page,
  }),
};
