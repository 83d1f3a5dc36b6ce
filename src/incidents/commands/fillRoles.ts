/** Gives the roles a severity asks for to whoever is on their rota, and calls them to accept (M31, M32). */
import { type Ctx, emit } from '#kernel';
import { allRoles, COMMANDER, type RoleRow, rotasNow, startPage } from '#people';
import { command, type Person, userById } from '#security';
import { conferenceOf } from '../chat/conference.ts';
import { roleAssigned } from '../events.ts';
import { isActive } from '../lifecycle/model.ts';
import { laneFollowsRole } from '../lanes/store.ts';
import { write } from '../record/write.ts';
import { handsOnClash, type Holding } from '../roles/model.ts';
import { holdingsOf, startAssignment } from '../roles/store.ts';
import { lockIncident } from '../store.ts';
import type { IncidentRow } from '../tables.ts';
import { flagUnfilled } from './flagUnfilled.ts';

export interface FillRolesInput {
  incidentId: string;
  /** In an exercise: who takes part. Nobody else is ever called; without it nobody is. */
  enrolled?: string[] | undefined;
}

/** Runs after the declaration, so that nothing here can hold it up. Run twice, it calls nobody twice. */
export const fillRoles = command(
  'incidents.fillRoles',
  { allow: 'internal', subject: (input: FillRolesInput) => input.incidentId },
  async (ctx, input: FillRolesInput): Promise<{ called: string[] }> => {
    const incident = await lockIncident(ctx, input.incidentId);
    if (!isActive(incident.phase)) return { called: [] };
    const rotas = await rotasNow(ctx);
    const roles = (await allRoles(ctx)).filter(
      ({ key, requiredFor }) => rotas.has(key) && requiredFor.includes(incident.severity),
    );
    let holdings = await holdingsOf(ctx, incident.id);
    const called: string[] = [];
    for (const role of commandFirst(roles)) {
      const person = await candidate(ctx, incident, role, rotas.get(role.key)?.userId ?? null, input, holdings);
      if (!person) continue;
      await call(ctx, incident, role, person);
      called.push(role.key);
      holdings = await holdingsOf(ctx, incident.id);
    }
    // An empty rota is told at once, not after the minute in which people may still take their roles.
    if (roles.some(({ key }) => !rotas.get(key)?.userId)) await flagUnfilled(ctx, { incidentId: incident.id });
    ctx.audit.after = { called };
    return { called };
  },
);

/** Somebody on two rotas leads; the hands-on role then needs somebody else. */
const commandFirst = (roles: RoleRow[]): RoleRow[] =>
  roles.toSorted((a, b) => Number(b.key === COMMANDER) - Number(a.key === COMMANDER));

async function candidate(
  ctx: Ctx,
  incident: IncidentRow,
  role: RoleRow,
  userId: string | null,
  { enrolled }: FillRolesInput,
  holdings: readonly Holding[],
): Promise<Person | null> {
  if (userId === null || holdings.some((held) => held.role === role.key)) return null;
  // In a drill only people who take part are called (invariant 10); a rota knows nothing of that.
  if (incident.exercise && !enrolled?.includes(userId)) return null;
  if (handsOnClash(holdings, { role, userId })) return null;
  const person = await userById(ctx, userId);
  const responds = person?.active && person.roles.some((one) => one !== 'viewer' && one !== 'auditor');
  return person && responds ? person : null;
}

async function call(ctx: Ctx, incident: IncidentRow, role: RoleRow, person: Person): Promise<void> {
  const assignmentId = await startAssignment(ctx, incident, { role, userId: person.id, byRota: true });
  await laneFollowsRole(ctx, incident.id, role.key, person.id);
  const conference = await conferenceOf(ctx, incident.key);
  await startPage(ctx, {
    subject: { kind: 'incident_role', id: assignmentId },
    title: `${role.title} of ${incident.key} (SEV${incident.severity}): ${incident.title}`,
    body: [
      `You are on the rota. Acknowledge to take the role.`,
      role.firstSteps,
      conference ? `Call: ${conference}` : '',
    ]
      .filter(Boolean)
      .join('\n\n'),
    urgency: incident.severity <= 2 ? 'high' : 'low',
    userId: person.id,
    incidentId: incident.id,
    link: `/incidents/${incident.key}`,
  });
  await write(ctx, incident, {
    kind: 'role',
    text: `${person.name} is called as ${role.title}, by the rota`,
    refs: [{ kind: 'role', id: role.key }],
  });
  await emit(
    ctx,
    roleAssigned,
    { incidentId: incident.id, key: incident.key, role: role.key, userId: person.id, previousUserId: null },
    { subject: incident.id, incident: incident.id },
  );
}
