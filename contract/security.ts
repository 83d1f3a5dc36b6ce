/** Signing in, people and roles, API tokens, sessions, the audit log and the installation's settings. */
import { z } from 'zod';
import { endpoint, instant, pageOf, pageQuery } from './core.ts';
import { factorEndpoints } from './security-factor.ts';

export const role = z.enum(['viewer', 'responder', 'manager', 'admin', 'auditor']);
export type RoleName = z.infer<typeof role>;

export const user = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  roles: z.array(role),
  timeZone: z.string(),
  active: z.boolean(),
  /** False until the invitation was accepted. */
  joined: z.boolean(),
  createdAt: instant,
});
export type User = z.infer<typeof user>;

export const me = z.object({
  user,
  /** Names of everything this person may do: command names and `read`, `audit.read`, `settings.read`. */
  permissions: z.array(z.string()),
  installation: z.object({
    name: z.string(),
    timeZone: z.string(),
    publicUrl: z.string(),
    version: z.string(),
    demo: z.boolean(),
  }),
});
export type Me = z.infer<typeof me>;

const email = z.string().trim().max(254).pipe(z.email('not an e-mail address'));
const name = z.string().trim().min(1, 'a name is needed').max(120);
const password = z.string().min(10, 'at least 10 characters').max(200);
const timeZone = z.string().min(1).max(64);

export const token = z.object({
  id: z.string(),
  name: z.string(),
  /** The first characters, to recognise it by. */
  hint: z.string(),
  scopes: z.array(z.string()),
  owner: z.string(),
  createdAt: instant,
  expiresAt: instant.nullable(),
  lastUsedAt: instant.nullable(),
});

export const session = z.object({
  id: z.string(),
  current: z.boolean(),
  createdAt: instant,
  lastSeenAt: instant,
  expiresAt: instant,
  ip: z.string().nullable(),
  userAgent: z.string().nullable(),
});

export const auditEntry = z.object({
  seq: z.number(),
  at: instant,
  actor: z.object({ kind: z.string(), id: z.string(), name: z.string(), onBehalfOf: z.string().nullable() }),
  action: z.string(),
  subject: z.string().nullable(),
  incident: z.string().nullable(),
  reason: z.string().nullable(),
  before: z.unknown(),
  after: z.unknown(),
  exercise: z.boolean(),
  requestId: z.string(),
  ip: z.string().nullable(),
  hash: z.string(),
});

export const auditVerdict = z.object({
  ok: z.boolean(),
  entries: z.number(),
  head: z.string(),
  /** The first entry that does not fit, when there is one. */
  brokenAt: z.number().nullable(),
  why: z.string().nullable(),
});

export const setting = z.object({
  key: z.string(),
  help: z.string(),
  secret: z.boolean(),
  isSet: z.boolean(),
  /** Null for secrets: they are never sent back. */
  value: z.unknown(),
  schema: z.unknown(),
  updatedAt: instant.nullable(),
});

const userId = z.object({ id: z.string().max(40) });

export const endpoints = {
  ...factorEndpoints,
  setupStatus: endpoint({
    id: 'security.setupStatus',
    method: 'GET',
    path: '/api/v1/setup',
    summary: 'Whether the first administrator is still to be made',
    access: 'public',
    response: z.object({ needed: z.boolean() }),
  }),
  setup: endpoint({
    id: 'security.setup',
    method: 'POST',
    path: '/api/v1/setup',
    summary: 'Make the first administrator with the one-time token printed at start',
    access: 'public',
    body: z.strictObject({ token: z.string().max(200), name, email, password, timeZone: timeZone.default('UTC') }),
    response: me,
    status: 201,
  }),
  signIn: endpoint({
    id: 'security.signIn',
    method: 'POST',
    path: '/api/v1/sign-in',
    summary:
      'Sign in with e-mail and password, and a code where a second factor is on (401 `security.second_factor` asks for it)',
    access: 'public',
    body: z.strictObject({
      email: z.string().max(254),
      password: z.string().max(200),
      code: z.string().trim().max(20).optional(),
    }),
    response: me,
  }),
  signOut: endpoint({
    id: 'security.signOut',
    method: 'POST',
    path: '/api/v1/sign-out',
    summary: 'End this session',
    access: 'signed_in',
    response: z.undefined(),
    status: 204,
  }),
  me: endpoint({
    id: 'security.me',
    method: 'GET',
    path: '/api/v1/me',
    summary: 'Who I am and what I may do',
    access: 'signed_in',
    response: me,
  }),
  updateMe: endpoint({
    id: 'security.updateMe',
    method: 'PATCH',
    path: '/api/v1/me',
    summary: 'Change my name, time zone or password',
    access: 'signed_in',
    body: z.strictObject({
      name: name.optional(),
      timeZone: timeZone.optional(),
      currentPassword: z.string().max(200).optional(),
      newPassword: password.optional(),
    }),
    response: me,
  }),
  acceptInvite: endpoint({
    id: 'security.acceptInvite',
    method: 'POST',
    path: '/api/v1/accept-invite',
    summary: 'Accept an invitation and choose a password',
    access: 'public',
    body: z.strictObject({ token: z.string().max(200), name, password, timeZone: timeZone.default('UTC') }),
    response: me,
  }),
  listUsers: endpoint({
    id: 'security.listUsers',
    method: 'GET',
    path: '/api/v1/users',
    summary: 'Everybody with an account',
    access: 'read',
    response: z.object({ items: z.array(user) }),
  }),
  inviteUser: endpoint({
    id: 'security.inviteUser',
    method: 'POST',
    path: '/api/v1/users',
    summary: 'Invite a person; answers with the link to hand over',
    access: 'security.inviteUser',
    body: z.strictObject({ email, name, roles: z.array(role).min(1) }),
    response: z.object({ user, inviteLink: z.string(), expiresAt: instant }),
    status: 201,
  }),
  renewInvite: endpoint({
    id: 'security.renewInvite',
    method: 'POST',
    path: '/api/v1/users/:id/invite',
    summary: 'Make a new invitation or password link',
    access: 'security.inviteUser',
    params: userId,
    response: z.object({ inviteLink: z.string(), expiresAt: instant }),
  }),
  updateUser: endpoint({
    id: 'security.updateUser',
    method: 'PATCH',
    path: '/api/v1/users/:id',
    summary: 'Change roles, name or access of a person',
    access: 'security.updateUser',
    params: userId,
    body: z.strictObject({
      name: name.optional(),
      roles: z.array(role).min(1).optional(),
      active: z.boolean().optional(),
    }),
    response: user,
  }),
  listTokens: endpoint({
    id: 'security.listTokens',
    method: 'GET',
    path: '/api/v1/tokens',
    summary: 'API tokens: mine, or all for an administrator',
    access: 'signed_in',
    response: z.object({ items: z.array(token), scopes: z.array(z.string()) }),
  }),
  createToken: endpoint({
    id: 'security.createToken',
    method: 'POST',
    path: '/api/v1/tokens',
    summary: 'Make an API token; its secret is shown once',
    access: 'security.createToken',
    body: z.strictObject({
      name,
      scopes: z.array(z.string().max(80)).min(1).max(50),
      expiresInDays: z.number().int().min(1).max(730).optional(),
    }),
    response: z.object({ token, secret: z.string() }),
    status: 201,
  }),
  revokeToken: endpoint({
    id: 'security.revokeToken',
    method: 'DELETE',
    path: '/api/v1/tokens/:id',
    summary: 'Revoke an API token',
    access: 'security.createToken',
    params: userId,
    response: z.undefined(),
    status: 204,
  }),
  listSessions: endpoint({
    id: 'security.listSessions',
    method: 'GET',
    path: '/api/v1/sessions',
    summary: 'Where I am signed in',
    access: 'signed_in',
    response: z.object({ items: z.array(session) }),
  }),
  revokeSession: endpoint({
    id: 'security.revokeSession',
    method: 'DELETE',
    path: '/api/v1/sessions/:id',
    summary: 'Sign out elsewhere',
    access: 'signed_in',
    params: userId,
    response: z.undefined(),
    status: 204,
  }),
  listAudit: endpoint({
    id: 'security.listAudit',
    method: 'GET',
    path: '/api/v1/audit',
    summary: 'Who did what, newest first',
    access: 'audit.read',
    query: z.strictObject({
      ...pageQuery,
      action: z.string().max(80).optional(),
      actor: z.string().max(60).optional(),
      subject: z.string().max(60).optional(),
      incident: z.string().max(60).optional(),
    }),
    response: pageOf(auditEntry),
  }),
  verifyAudit: endpoint({
    id: 'security.verifyAudit',
    method: 'GET',
    path: '/api/v1/audit/verify',
    summary: 'Check the hash chain of the whole audit log',
    access: 'audit.read',
    response: auditVerdict,
  }),
  exportAudit: endpoint({
    id: 'security.exportAudit',
    method: 'GET',
    path: '/api/v1/audit/export',
    summary: 'The whole audit log as JSON lines with its hashes and signed heads, for the stand-alone verifier',
    access: 'audit.read',
    response: z.any(),
  }),
  heads: endpoint({
    id: 'security.heads',
    method: 'GET',
    path: '/api/v1/audit/heads',
    summary: 'The key of this installation, the newest signed head, and how far each place outside has them',
    access: 'read',
    response: z.object({
      key: z.object({ id: z.string(), publicKey: z.string() }),
      newest: z.object({ number: z.number(), at: instant }).nullable(),
      places: z.array(
        z.object({
          place: z.string(),
          delivered: z.number(),
          deliveredAt: instant.nullable(),
          error: z.string().nullable(),
        }),
      ),
    }),
  }),
  listSettings: endpoint({
    id: 'security.listSettings',
    method: 'GET',
    path: '/api/v1/settings',
    summary: 'Settings of the installation',
    access: 'settings.read',
    response: z.object({ items: z.array(setting) }),
  }),
  saveSetting: endpoint({
    id: 'security.saveSetting',
    method: 'PUT',
    path: '/api/v1/settings/:key',
    summary: 'Change a setting',
    access: 'security.saveSetting',
    params: z.object({ key: z.string().max(80) }),
    body: z.strictObject({ value: z.unknown() }),
    response: setting,
  }),
};
