/** Roles and what they permit. A permission is the name of a command, or one of a few rights to read. */
import { type Actor, Problem, type Role } from '#kernel';

export type Allow = 'viewer' | 'responder' | 'manager' | 'admin' | 'internal' | 'signed_in' | 'public';

/** Each role includes those before it. The auditor stands beside the ladder: reads everything, changes nothing. */
const LADDER: Role[] = ['viewer', 'responder', 'manager', 'admin'];

const READ_RIGHTS: Record<string, Role[]> = {
  read: ['viewer', 'responder', 'manager', 'admin', 'auditor'],
  'audit.read': ['admin', 'auditor'],
  'settings.read': ['admin', 'auditor'],
  'subscribers.read': ['manager', 'admin'],
  // For the tokens of flag clients: a running application may ask for flags and nothing else.
  'flags.read': ['viewer', 'responder', 'manager', 'admin', 'auditor'],
};

const permissions = new Map<string, Allow>();

/** Makes a command's permission known; `command()` does it. */
export function registerPermission(name: string, allow: Allow): void {
  permissions.set(name, allow);
}

const roleHas = (role: Role, allow: Allow) =>
  LADDER.includes(role) && LADDER.indexOf(role) >= LADDER.indexOf(allow as Role);

/** The least role that holds a permission, undefined when there is no such permission. */
export const allowOf = (permission: string): Allow | undefined =>
  permissions.get(permission) ?? (READ_RIGHTS[permission] ? 'viewer' : undefined);

function rolesPermit(roles: Role[], permission: string): boolean {
  const readers = READ_RIGHTS[permission];
  if (readers) return roles.some((role) => readers.includes(role));
  const allow = permissions.get(permission);
  if (allow === undefined || allow === 'internal') return false;
  if (allow === 'public' || allow === 'signed_in') return true;
  return roles.some((role) => roleHas(role, allow));
}

/** Whether a token's scope covers a permission or another scope. */
export const scopePermits = (scope: string, permission: string) =>
  scope === '*' || scope === permission || (scope.endsWith('.*') && permission.startsWith(scope.slice(0, -1)));

/** Whether this actor holds the permission. */
export function may(actor: Actor, permission: string): boolean {
  if (actor.kind === 'system') return true;
  if (!rolesPermit(actor.roles, permission)) return false;
  return actor.scopes === undefined || actor.scopes.some((scope) => scopePermits(scope, permission));
}

/** True when the actor has this role or a higher one. */
export const hasRole = (actor: Actor, role: Role) =>
  actor.kind === 'system' || actor.roles.some((own) => own === role || roleHas(own, role as Allow));

/** Everything the actor may do, for the console to show only what works. */
export const permissionsOf = (actor: Actor) =>
  [...Object.keys(READ_RIGHTS), ...permissions.keys()].filter((name) => may(actor, name)).sort();

/** Names that may stand in a token's scopes. */
export const scopeNames = () =>
  ['*', ...Object.keys(READ_RIGHTS), ...permissions.keys()]
    .filter((name) => permissions.get(name) !== 'internal')
    .sort();

/** Refuses with 401 (nobody signed in) or 403 (signed in, not permitted; names the role that is). */
export function requirePermission(actor: Actor | undefined, permission: string): void {
  if (!actor) throw new Problem(401, 'Please sign in', { rule: 'access.signed_in' });
  if (permission === 'signed_in' || may(actor, permission)) return;
  const least = allowOf(permission);
  if (rolesPermit(actor.roles, permission)) {
    throw new Problem(403, `This token may not do this (${permission})`, {
      rule: 'access.scope',
      detail: 'Its owner may. Make a token with this scope.',
    });
  }
  throw new Problem(403, `You may not do this (${permission})`, {
    rule: 'access.permission',
    detail:
      least && least !== 'internal'
        ? `It needs the role ${least}. Ask an administrator, or somebody who has it.`
        : undefined,
  });
}
