/** Teams and contact methods as they cross the wire; schedules, policies and pages have files of their own. */
import { z } from 'zod';
import { endpoint, instant, personRef } from './core.ts';
import { dutyEndpoints, FUNCTIONS } from './people-duties.ts';
import { pagingEndpoints } from './people-paging.ts';
import { proofEndpoints } from './people-proofs.ts';
import { byId, name, note, scheduleEndpoints, someId, version, warning } from './people-schedules.ts';

export * from './people-duties.ts';
export * from './people-paging.ts';
export * from './people-proofs.ts';
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
const teamRole = z.enum(['lead', 'member', 'alternate']);
const members = z
  .array(
    z.strictObject({
      userId: someId,
      role: teamRole,
      /** What they bring to a response. */
      functions: z.array(z.enum(FUNCTIONS)).max(FUNCTIONS.length).default([]),
    }),
  )
  .max(200);
const authorityScope = z.enum(['own_services', 'everywhere']);
export const teamInput = z.strictObject({
  name,
  description: note.default(''),
  members,
  /** A response team: it needs three functions and an alternate, and may hold authority in writing. */
  response: z.boolean().default(false),
  /** Authority tokens its members hold on incidents. */
  authority: z.array(z.string().max(40)).max(30).default([]),
  /** On incidents of services this team owns, or on all. */
  authorityScope: authorityScope.default('own_services'),
});
export const team = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  members: z.array(
    z.object({
      person: personRef,
      role: teamRole,
      functions: z.array(z.string()),
      active: z.boolean(),
    }),
  ),
  response: z.boolean(),
  authority: z.array(z.string()),
  authorityScope,
  /** Size, span of control, what changed since it was saved. */
  warnings: z.array(warning),
  version: z.number(),
});
export type Team = z.infer<typeof team>;

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
  ...dutyEndpoints,
  ...proofEndpoints,

  ...pagingEndpoints,

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
};
