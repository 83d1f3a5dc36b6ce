/** Incident roles as they cross the wire: what each is, who practised it, what the bench lacks. Part of `people.ts`. */
import { z } from 'zod';
import { endpoint, instant, personRef } from './core.ts';
import { name, note, someId, version } from './people-schedules.ts';

/** A role's name in records: `incident_commander`. */
export const roleKey = z.string().regex(/^[a-z][a-z0-9_]{1,39}$/, 'not the name of a role');
const text = z.string().trim().max(4000);
const severities = z.array(z.number().int().min(1).max(4)).max(4);
const done = z.object({});

export const FUNCTIONS = [
  'engineering',
  'operations',
  'security',
  'product',
  'support',
  'qa',
  'communications',
  'legal',
  'finance',
  'executive',
  'vendor_management',
] as const;

/** What may be given in advance, in the order of the domain; what cannot be undone is decided when it is there. */
export const STANDING_AUTHORITY = [
  'declare',
  'change_severity',
  'move_phase',
  'approve_reversible',
  'approve_compensable',
  'publish_internal',
  'publish_public',
  'declare_contained',
  'waive_phase',
  'declare_restored',
  'close',
  'grant_break_glass',
  'override_guardrail',
  'lift_freeze',
  'pause_automation',
  'abort_exercise',
] as const;

const roleShape = {
  title: name,
  /** One line: what this role is for. */
  purpose: z.string().trim().max(300),
  /** What its holder does first; one line each. */
  firstSteps: text,
  duties: text,
  /** How it is handed over; one line each. */
  handover: text,
  /** Authority tokens its holder has on the incident. */
  authority: z.array(z.string().max(40)).max(30),
  /** Works with the hands: commanding beside it needs a recorded exception. */
  handsOn: z.boolean(),
  /** Several people may hold it at once. */
  shared: z.boolean(),
  /** Severities at which it must be filled and its rota is called. */
  requiredFor: severities,
  /** What happens when somebody takes it who is not current: nothing, a warning, or a refusal without a reason. */
  certification: z.enum(['none', 'warn', 'required']),
};
export const roleInput = z.strictObject({
  ...roleShape,
  purpose: roleShape.purpose.default(''),
  firstSteps: text.default(''),
  duties: text.default(''),
  handover: text.default(''),
  authority: roleShape.authority.default([]),
  handsOn: z.boolean().default(false),
  shared: z.boolean().default(false),
  requiredFor: severities.default([]),
  certification: roleShape.certification.default('warn'),
  /** The schedule that is its rota: whoever is on it is assigned at declaration. */
  scheduleId: someId.nullable().default(null),
});
export type RoleInput = z.input<typeof roleInput>;
export const incidentRole = z.object({
  ...roleShape,
  key: z.string(),
  rota: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** Who is on its rota now. */
  onCall: personRef.nullable(),
  /** How many people are current in it. */
  current: z.number(),
  builtIn: z.boolean(),
  retired: z.boolean(),
  version: z.number(),
});
export type IncidentRole = z.infer<typeof incidentRole>;

const practiceKind = z.enum(['training', 'shadow', 'reverse_shadow', 'drill', 'duty']);
const currencyState = z.enum(['none', 'training', 'current', 'expired']);
export const practice = z.object({
  id: z.string(),
  role: z.object({ key: z.string(), title: z.string() }),
  kind: practiceKind,
  at: instant,
  note: z.string(),
  /** The incident it came of, when the product saw it itself. */
  ref: z.string().nullable(),
  by: z.string(),
  exercise: z.boolean(),
});
export type Practice = z.infer<typeof practice>;

export const bench = z.object({
  /** 0..100: how far the needed roles have three current people. Null: no role has a rota or a certificate yet. */
  readiness: z.number().nullable(),
  roles: z.array(
    z.object({
      key: z.string(),
      title: z.string(),
      needed: z.boolean(),
      rota: z.string().nullable(),
      current: z.number(),
      people: z.array(
        z.object({
          person: personRef,
          state: currencyState,
          lastPracticeAt: instant.nullable(),
          /** For the certified: 180 days after the last practice. */
          expiresAt: instant.nullable(),
          endsSoon: z.boolean(),
          onRota: z.boolean(),
          /** Of the role's rota in the quarter: the last thirteen weeks, or a younger rota's first thirteen. */
          hours: z.number(),
          share: z.number(),
        }),
      ),
      alarms: z.array(
        z.object({
          id: z.string(),
          kind: z.enum(['concentrated', 'thin', 'expired']),
          person: personRef.nullable(),
          text: z.string(),
          raisedAt: instant,
        }),
      ),
    }),
  ),
  /** On a rota, and neither drill nor duty in two quarters. */
  unpractised: z.array(z.object({ person: personRef, schedules: z.array(z.string()) })),
});
export type Bench = z.infer<typeof bench>;

export const suggestion = z.object({
  person: personRef,
  lastPracticeAt: instant.nullable(),
  lastDuty: instant.nullable(),
  hindrance: z.enum(['away', 'on_duty', 'no_rest', 'not_certified', 'expired']).nullable(),
  reachable: z.boolean(),
});
export type Suggestion = z.infer<typeof suggestion>;

const byKey = z.strictObject({ key: z.string().max(60) });

export const dutyEndpoints = {
  roles: endpoint({
    id: 'people.roles',
    method: 'GET',
    path: '/api/v1/incident-roles',
    summary: 'The roles an incident can be given, with their cards and who is on their rota now',
    access: 'read',
    response: z.object({ items: z.array(incidentRole) }),
  }),
  role: endpoint({
    id: 'people.role',
    method: 'GET',
    path: '/api/v1/incident-roles/:key',
    summary: 'One role; its ETag is its version',
    access: 'read',
    params: byKey,
    response: incidentRole,
  }),
  createRole: endpoint({
    id: 'people.createRole',
    method: 'POST',
    path: '/api/v1/incident-roles',
    summary: 'Add a role of your own',
    access: 'people.createRole',
    body: roleInput,
    response: incidentRole,
    status: 201,
  }),
  updateRole: endpoint({
    id: 'people.updateRole',
    method: 'PUT',
    path: '/api/v1/incident-roles/:key',
    summary: 'Change what a role is: duties, authority, rota; 412 when somebody else changed it first',
    access: 'people.updateRole',
    params: byKey,
    body: roleInput.extend({ version }),
    response: incidentRole,
  }),
  retireRole: endpoint({
    id: 'people.retireRole',
    method: 'DELETE',
    path: '/api/v1/incident-roles/:key',
    summary: 'Take a role out of use; records keep it',
    access: 'people.retireRole',
    params: byKey,
    response: done,
  }),
  bench: endpoint({
    id: 'people.bench',
    method: 'GET',
    path: '/api/v1/bench',
    summary:
      'Who is current in which role, how duty was spread, and what is lacking; for planning, never for rating people',
    access: 'read',
    response: bench,
  }),
  roleSuggestion: endpoint({
    id: 'people.roleSuggestion',
    method: 'GET',
    path: '/api/v1/incident-roles/:key/suggestion',
    summary: 'Who should take a stretch of a role’s rota: least recent practice first, rest kept',
    access: 'read',
    params: byKey,
    query: z.strictObject({ from: instant, to: instant }),
    response: z.object({ items: z.array(suggestion) }),
  }),
  practices: endpoint({
    id: 'people.practices',
    method: 'GET',
    path: '/api/v1/practices',
    summary: 'What somebody practised, newest first; without `userId` your own',
    access: 'read',
    query: z.strictObject({ userId: someId.optional(), roleKey: roleKey.optional() }),
    response: z.object({ items: z.array(practice) }),
  }),
  recordPractice: endpoint({
    id: 'people.recordPractice',
    method: 'POST',
    path: '/api/v1/practices',
    summary: 'Write down a training, a shadow shift or a drill; for somebody else as a manager',
    access: 'people.recordPractice',
    body: z.strictObject({
      roleKey,
      userId: someId.optional(),
      kind: practiceKind,
      at: instant.optional(),
      note: note.default(''),
    }),
    response: z.object({ id: z.string() }),
    status: 201,
  }),
  certify: endpoint({
    id: 'people.certify',
    method: 'POST',
    path: '/api/v1/incident-roles/:key/certifications',
    summary: 'Certify somebody for a role; current for 180 days after the last practice',
    access: 'people.certify',
    params: byKey,
    body: z.strictObject({ userId: someId, note: note.default('') }),
    response: done,
  }),
  withdrawCertification: endpoint({
    id: 'people.withdrawCertification',
    method: 'DELETE',
    path: '/api/v1/incident-roles/:key/certifications/:userId',
    summary: 'Take a certification back; the practice stays',
    access: 'people.withdrawCertification',
    params: z.strictObject({ key: z.string().max(60), userId: someId }),
    response: done,
  }),
};
