/** Teams, schedules, escalation policies, contact methods and pages, as they cross the wire. */
import { z } from 'zod';
import { endpoint, instant, pageOf, pageQuery, personRef } from './core.ts';
import { byId, name, note, scheduleEndpoints, someId, version, warning } from './people-schedules.ts';

export * from './people-schedules.ts';

/** Everybody, for pick lists, with whether a page can reach them. */
export const person = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  roles: z.array(z.string()),
  active: z.boolean(),
  timeZone: z.string(),
  /** `verified`: at least one proven contact method. `unproven`: only an address nobody has confirmed. */
  reach: z.enum(['verified', 'unproven']),
});
export type Person = z.infer<typeof person>;

// ---------------------------------------------------------------- teams
const members = z.array(z.strictObject({ userId: someId, role: z.enum(['lead', 'member']) })).max(200);
export const teamInput = z.strictObject({
  name,
  description: note.default(''),
  members,
});
export const team = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  members: z.array(
    z.object({
      person: personRef,
      role: z.enum(['lead', 'member']),
      active: z.boolean(),
    }),
  ),
  version: z.number(),
});
export type Team = z.infer<typeof team>;

// ---------------------------------------------------------------- policies
const target = z.strictObject({
  kind: z.enum(['schedule', 'user', 'team']),
  id: someId,
});
export const policyInput = z.strictObject({
  name,
  teamId: someId.nullable().default(null),
  steps: z
    .array(
      z.strictObject({
        /** Seconds to wait for an answer; under 30 becomes 30, over a day becomes a day. */
        delaySeconds: z.number().min(0).max(1e12),
        targets: z.array(target).min(1, 'a step calls at least one target').max(20),
      }),
    )
    .min(1, 'a policy has at least one step')
    .max(20, 'at most 20 steps'),
  /** How often the steps are gone through again. */
  repeat: z.number().int().min(0).max(10).default(0),
});
export type PolicyInput = z.infer<typeof policyInput>;
export const policy = z.object({
  id: z.string(),
  name: z.string(),
  teamId: z.string().nullable(),
  steps: z.array(
    z.object({
      delaySeconds: z.number(),
      targets: z.array(
        z.object({
          kind: z.enum(['schedule', 'user', 'team']),
          id: z.string(),
          name: z.string(),
        }),
      ),
      /** Who would be called by this step now. */
      now: z.array(personRef),
    }),
  ),
  repeat: z.number(),
  version: z.number(),
  warnings: z.array(warning),
});
export type Policy = z.infer<typeof policy>;

// ---------------------------------------------------------------- contact methods
export const contactMethod = z.object({
  /** `account` for the sign-in address as long as it was not added as a method of its own. */
  id: z.string(),
  /** The name of a channel: `email`, `sms`, `voice`, `slack` … */
  kind: z.string(),
  value: z.string(),
  label: z.string(),
  verified: z.boolean(),
  /** A code was sent and is still good until then. */
  codeUntil: instant.nullable(),
  /** Minutes after the call at which an urgent page uses it; null never. */
  highAfter: z.number().nullable(),
  /** The same for a page that is not urgent. */
  lowAfter: z.number().nullable(),
  /** Why it is switched off, when it is: STOP was answered. Proving it again switches it on. */
  disabledReason: z.string().nullable(),
});
export type ContactMethod = z.infer<typeof contactMethod>;

// ---------------------------------------------------------------- pages
export const pageState = z.enum(['paging', 'acknowledged', 'unanswered', 'stopped']);
export const page = z.object({
  id: z.string(),
  subject: z.object({ kind: z.string(), id: z.string() }),
  incidentId: z.string().nullable(),
  title: z.string(),
  body: z.string(),
  urgency: z.enum(['high', 'low']),
  serviceName: z.string().nullable(),
  link: z.string(),
  policyName: z.string(),
  state: pageState,
  step: z.number(),
  round: z.number(),
  /** When the next people are called unless somebody answers. */
  nextStepAt: instant.nullable(),
  called: z.array(personRef),
  acknowledgedBy: personRef.nullable(),
  acknowledgedAt: instant.nullable(),
  acknowledgedVia: z.string().nullable(),
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
const pageWithLog = page.extend({ log: z.array(pageEvent) });
const none = z.object({});

export const endpoints = {
  people: endpoint({
    id: 'people.list',
    method: 'GET',
    path: '/api/v1/people',
    summary: 'Everybody who has an account, and whether a page can reach them',
    access: 'read',
    response: z.object({ items: z.array(person) }),
  }),

  teams: endpoint({
    id: 'people.teams',
    method: 'GET',
    path: '/api/v1/teams',
    summary: 'All teams',
    access: 'read',
    response: z.object({ items: z.array(team) }),
  }),
  team: endpoint({
    id: 'people.team',
    method: 'GET',
    path: '/api/v1/teams/:id',
    summary: 'One team',
    access: 'read',
    params: byId,
    response: team,
  }),
  createTeam: endpoint({
    id: 'people.createTeam',
    method: 'POST',
    path: '/api/v1/teams',
    summary: 'Make a team',
    access: 'people.createTeam',
    body: teamInput,
    response: team,
    status: 201,
  }),
  updateTeam: endpoint({
    id: 'people.updateTeam',
    method: 'PUT',
    path: '/api/v1/teams/:id',
    summary: 'Change a team and its members',
    access: 'people.updateTeam',
    params: byId,
    body: teamInput.extend({ version }),
    response: team,
  }),
  deleteTeam: endpoint({
    id: 'people.deleteTeam',
    method: 'DELETE',
    path: '/api/v1/teams/:id',
    summary: 'Delete a team that nothing uses',
    access: 'people.deleteTeam',
    params: byId,
    response: none,
  }),

  ...scheduleEndpoints,

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

  contactMethods: endpoint({
    id: 'people.contactMethods',
    method: 'GET',
    path: '/api/v1/me/contact-methods',
    summary: 'How pages reach you',
    access: 'read',
    response: z.object({ items: z.array(contactMethod) }),
  }),
  addContactMethod: endpoint({
    id: 'people.addContactMethod',
    method: 'POST',
    path: '/api/v1/me/contact-methods',
    summary: 'Add a way to reach you; a code is sent there at once',
    access: 'people.addContactMethod',
    body: z.strictObject({
      kind: z.string().max(40),
      /** As the channel says; for `push` the browser's subscription as JSON. */
      value: z.string().trim().min(1).max(3000),
      label: z.string().trim().max(100).default(''),
    }),
    /** `secret`: for webhooks, what signs the calls; shown this once. */
    response: contactMethod.extend({ secret: z.string().nullable() }),
    status: 201,
  }),
  setContactRules: endpoint({
    id: 'people.setContactRules',
    method: 'PUT',
    path: '/api/v1/me/contact-methods/:id/rules',
    summary: 'Say when pages use a method: minutes after the call, by urgency; null never',
    access: 'people.setContactRules',
    params: byId,
    body: z.strictObject({
      highAfter: z.number().int().min(0).max(120).nullable(),
      lowAfter: z.number().int().min(0).max(120).nullable(),
    }),
    response: contactMethod,
  }),
  removeContactMethod: endpoint({
    id: 'people.removeContactMethod',
    method: 'DELETE',
    path: '/api/v1/me/contact-methods/:id',
    summary: 'Remove a way to reach you',
    access: 'people.removeContactMethod',
    params: byId,
    response: none,
  }),
  sendCode: endpoint({
    id: 'people.sendCode',
    method: 'POST',
    path: '/api/v1/me/contact-methods/:id/code',
    summary: 'Send a new 8-digit code; the old one stops working',
    access: 'people.sendCode',
    params: byId,
    response: contactMethod,
    status: 202,
  }),
  verifyContactMethod: endpoint({
    id: 'people.verifyContactMethod',
    method: 'POST',
    path: '/api/v1/me/contact-methods/:id/verify',
    summary: 'Prove a contact method with the code (5 tries, 15 minutes)',
    access: 'people.verifyContactMethod',
    params: byId,
    body: z.strictObject({ code: z.string().trim().max(40) }),
    response: contactMethod,
  }),
  testContactMethod: endpoint({
    id: 'people.testContactMethod',
    method: 'POST',
    path: '/api/v1/me/contact-methods/:id/test',
    summary: 'Send yourself a test message; ask for the delivery to see how it went',
    access: 'people.testContactMethod',
    params: byId,
    response: z.object({ deliveryId: z.string() }),
    status: 202,
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
      mine: z.enum(['true', 'false']).default('false'),
      subject: z.string().max(60).optional(),
    }),
    response: pageOf(page),
  }),
  page: endpoint({
    id: 'people.page',
    method: 'GET',
    path: '/api/v1/pages/:id',
    summary: 'One page with its log: who was called when, and why them',
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
};
