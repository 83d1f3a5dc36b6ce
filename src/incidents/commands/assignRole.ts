/** Gives a role to a person, or lets somebody take one. */
import { addMs, type Ctx, emit, enqueue, invalid } from '#kernel';
import { acknowledgeSubject } from '#people';
import { command, personRefs, userById } from '#security';
import { roleAssigned } from '../events.ts';
import { dutyTimer, watchDuty } from '../jobs.ts';
import { isEnded } from '../lifecycle/model.ts';
import { acknowledgeIncident } from '../links.ts';
import { refuseSecrets, write } from '../record/write.ts';
import { selfOf } from '../roles/authority.ts';
import { assign, DUTY_PROMPT_HOURS, ROLE_TITLES, type RoleName } from '../roles/model.ts';
import { endAssignment, holdingsOf, startAssignment, withdrawOffers } from '../roles/store.ts';
import { lockIncident, problemOf, readIncident } from '../store.ts';
import type { IncidentRow } from '../tables.ts';

export interface AssignRoleInput {
  incidentId: string;
  role: RoleName;
  /** Absent: the caller. */
  userId?: string | undefined;
  /** Why one person commands and works hands-on at once. */
  exception?: string | undefined;
  /** Why the present holder is replaced without a hand-over. */
  replaceReason?: string | undefined;
}

export interface Assigned {
  role: RoleName;
  person: { id: string; name: string };
  changed: boolean;
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
    const holdings = await holdingsOf(ctx, incident.id);
    const names = await personRefs(ctx, holdings.map((held) => held.userId).concat(userId));
    const verdict = assign(
      incident.key,
      holdings,
      { ...input, userId },
      { id: selfOf(ctx.actor), roles: ctx.actor.roles },
      (id) => names.get(id)?.name ?? id,
    );
    if (!verdict.ok) throw problemOf(verdict.refusal);
    if (!verdict.changed) return { role: input.role, person, changed: false };
    if (verdict.replaces) await endAssignment(ctx, incident.id, input.role, verdict.replaces.userId);
    await beginDuty(ctx, incident, input.role, person, { exception: input.exception ?? input.replaceReason });
    await write(ctx, incident, {
      kind: 'role',
      text: said(ctx, input, person, verdict.replaces && (names.get(verdict.replaces.userId)?.name ?? '')),
    });
    await announce(ctx, incident, input.role, person.id, verdict.replaces?.userId ?? null);
    ctx.audit.after = { role: input.role, userId: person.id };
    return { role: input.role, person, changed: true };
  },
);

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

function said(ctx: Ctx, input: AssignRoleInput, person: { id: string; name: string }, replaced: string | null): string {
  const title = ROLE_TITLES[input.role];
  const who = person.id === selfOf(ctx.actor) ? `${person.name} takes ${title}` : `${person.name} is ${title}`;
  const instead = replaced === null ? '' : `, replacing ${replaced} without a hand-over: ${input.replaceReason}`;
  return `${who}${instead}${input.exception ? `. Exception recorded: ${input.exception}` : ''}`;
}

/** Starts a duty: the assignment itself, the watch over long command, and the pages that have found their person. */
export async function beginDuty(
  ctx: Ctx,
  incident: IncidentRow,
  role: RoleName,
  person: { id: string; name: string },
  notes: { exception?: string | undefined; handoverNote?: string | undefined },
): Promise<void> {
  await withdrawOffers(ctx, incident.id, role);
  await startAssignment(ctx, incident, { role, userId: person.id, ...notes });
  if (role !== 'incident_commander') return;
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
