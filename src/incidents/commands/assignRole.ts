/** Gives a role to a person, or lets somebody take one. */
import { addMs, type Ctx, conflict, emit, enqueue, invalid } from '#kernel';
import { acknowledgeSubject, COMMANDER, currencyFor, notePractice, roleByKey, type RoleRow } from '#people';
import { command, personRefs, userById } from '#security';
import { roleAssigned } from '../events.ts';
import { dutyTimer, watchDuty } from '../jobs.ts';
import { isEnded } from '../lifecycle/model.ts';
import { acknowledgeIncident } from '../links.ts';
import { laneFollowsRole } from '../lanes/store.ts';
import { refuseSecrets, write } from '../record/write.ts';
import { selfOf } from '../roles/authority.ts';
import { assign, DUTY_PROMPT_HOURS, type RoleName } from '../roles/model.ts';
import { endAssignment, holdingsOf, markAccepted, startAssignment, withdrawOffers } from '../roles/store.ts';
import { takeDown } from '../roles/unfilled.ts';
import { lockIncident, problemOf, readIncident } from '../store.ts';
import type { IncidentRow } from '../tables.ts';

export interface AssignRoleInput {
  incidentId: string;
  role: RoleName;
  /** Absent: the caller. */
  userId?: string | undefined;
  /** Why one person commands and works hands-on at once, or takes a role without the certificate it asks for. */
  exception?: string | undefined;
  /** Why the present holder is replaced without a hand-over. */
  replaceReason?: string | undefined;
}

export interface Assigned {
  role: RoleName;
  person: { id: string; name: string };
  changed: boolean;
  /** What to know about it: practice that is too old, no certificate. */
  warnings: string[];
}

export const assignRole = command(
  'incidents.assignRole',
  { allow: 'responder' },
  async (ctx, input: AssignRoleInput): Promise<Assigned> => {
    const incident = await lockIncident(ctx, input.incidentId);
    if (isEnded(incident.phase)) {
      throw problemOf({
        status: 409,
        rule: 'incidents.phase.ended',
        title: `${incident.key} has ended: there is nothing left to lead`,
      });
    }
    refuseSecrets(ctx, { exception: input.exception, replaceReason: input.replaceReason });
    const userId = input.userId ?? selfOf(ctx.actor);
    const person = await someoneWhoMay(ctx, userId);
    const role = await giveableRole(ctx, input.role);
    const holdings = await holdingsOf(ctx, incident.id);
    const names = await personRefs(ctx, holdings.map((held) => held.userId).concat(userId));
    const verdict = assign(
      incident.key,
      holdings,
      { ...input, role, userId },
      { id: selfOf(ctx.actor), roles: ctx.actor.roles },
      (id) => names.get(id)?.name ?? id,
    );
    if (!verdict.ok) throw problemOf(verdict.refusal);
    if (!verdict.changed) return { role: input.role, person, changed: false, warnings: [] };
    const warnings = await warningsFor(ctx, person, role, input.exception);
    if (verdict.replaces) await endAssignment(ctx, incident.id, input.role, verdict.replaces.userId);
    const notes = { exception: input.exception ?? input.replaceReason };
    await beginDuty(ctx, incident, role, person, notes, verdict.answers);
    const replaced = verdict.replaces && (names.get(verdict.replaces.userId)?.name ?? '');
    const missed = verdict.replaces?.accepted === false;
    await write(ctx, incident, {
      kind: 'role',
      text: said(ctx, input, role, person, replaced, missed, warnings),
    });
    await announce(ctx, incident, input.role, person.id, verdict.replaces?.userId ?? null);
    ctx.audit.after = { role: input.role, userId: person.id };
    return { role: input.role, person, changed: true, warnings };
  },
);

/** The role, unless it was taken out of use. Throws 404, 409. */
export async function giveableRole(ctx: Ctx, key: RoleName): Promise<RoleRow> {
  const role = await roleByKey(ctx, key);
  if (role.retiredAt)
    throw conflict(`${role.title} is no longer in use`, 'incidents.roles.retired', 'Choose another role.');
  return role;
}

/** What to say about the person's practice. A role may ask for a certificate: then only a recorded reason goes round it. */
async function warningsFor(
  ctx: Ctx,
  person: { id: string; name: string },
  role: RoleRow,
  exception: string | undefined,
): Promise<string[]> {
  const { warning, refused } = await currencyFor(ctx, person, role);
  if (refused && !exception)
    throw conflict(
      `${warning ?? person.name}: ${role.title} asks for a current certificate`,
      'incidents.roles.certified',
      'Choose somebody who is current, or record why it has to be so (exception).',
    );
  return warning ? [warning] : [];
}

async function someoneWhoMay(ctx: Ctx, userId: string): Promise<{ id: string; name: string }> {
  const user = await userById(ctx, userId);
  const responds = user?.active && user.roles.some((role) => role !== 'viewer' && role !== 'auditor');
  if (user && responds) return { id: user.id, name: user.name };
  throw invalid(
    user ? `${user.name} cannot hold a role: it needs an active account that may respond` : 'No such person',
    'incidents.roles.person',
    [{ path: 'userId', message: 'not an active responder' }],
  );
}

function said(
  ctx: Ctx,
  input: AssignRoleInput,
  { title }: RoleRow,
  person: { id: string; name: string },
  replaced: string | null,
  missed: boolean,
  warnings: string[],
): string {
  const who = person.id === selfOf(ctx.actor) ? `${person.name} takes ${title}` : `${person.name} is ${title}`;
  const instead =
    replaced === null
      ? ''
      : missed
        ? `; ${replaced}, called by the rota, had not answered`
        : `, replacing ${replaced} without a hand-over: ${input.replaceReason}`;
  const exception = input.exception ? `. Exception recorded: ${input.exception}` : '';
  // Never having practised says little in a small house; practice that has lapsed is worth a line in the record.
  const lapsed = warnings.filter((warning) => warning.includes('ended on'));
  return `${who}${instead}${exception}${lapsed.map((warning) => `. ${warning}`).join('')}`;
}

/**
 * Starts a duty: the assignment itself (or the answer to the rota's call), the practice it is, the watch over long
 * command, and the pages that have found their person.
 */
export async function beginDuty(
  ctx: Ctx,
  incident: IncidentRow,
  role: RoleRow,
  person: { id: string; name: string },
  notes: { exception?: string | undefined; handoverNote?: string | undefined },
  answers = false,
): Promise<void> {
  await withdrawOffers(ctx, incident.id, role.key);
  if (answers) await answered(ctx, incident, role, person.id);
  else await startAssignment(ctx, incident, { role, userId: person.id, ...notes });
  await takeDown(ctx, incident.id, [role.key]);
  await laneFollowsRole(ctx, incident.id, role.key, person.id);
  await notePractice(ctx, { userId: person.id, roleKey: role.key, ref: incident.id, note: incident.key });
  if (role.key !== COMMANDER) return;
  await enqueue(
    ctx,
    watchDuty,
    { incidentId: incident.id },
    { runAt: addMs(ctx.now, DUTY_PROMPT_HOURS * 3_600_000), key: dutyTimer(incident.id) },
  );
  // Whoever commands is awake: nobody else need be called for this incident.
  await acknowledgeSubject(ctx, {
    subject: { kind: 'incident', id: incident.id },
    userId: person.id,
    via: 'took command',
  });
  await acknowledgeIncident(ctx, await readIncident(ctx, incident.id), person.id, ctx.now, 'took command');
}

/** The person came without the page's button: the page has found them, too. */
async function answered(ctx: Ctx, incident: IncidentRow, role: RoleRow, userId: string): Promise<void> {
  await markAccepted(ctx, incident.id, role.key, userId);
  const row = await ctx.db
    .selectFrom('incidents.roleAssignments')
    .select('id')
    .where('incidentId', '=', incident.id)
    .where('role', '=', role.key)
    .where('userId', '=', userId)
    .where('toAt', 'is', null)
    .executeTakeFirstOrThrow();
  await acknowledgeSubject(ctx, { subject: { kind: 'incident_role', id: row.id }, userId, via: 'took the role' });
}

export async function announce(
  ctx: Ctx,
  incident: IncidentRow,
  role: RoleName,
  userId: string,
  previousUserId: string | null,
): Promise<void> {
  await emit(
    ctx,
    roleAssigned,
    { incidentId: incident.id, key: incident.key, role, userId, previousUserId },
    { subject: incident.id, incident: incident.id },
  );
}
