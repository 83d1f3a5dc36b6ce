/** The page of a rota's call is answered: whoever answered has the role. */
import { command, userById } from '#security';
import { acknowledgeIncident } from '../links.ts';
import { write } from '../record/write.ts';
import { endAssignment, holdingsOf } from '../roles/store.ts';
import { lockIncident } from '../store.ts';
import { isEnded } from '../lifecycle/model.ts';
import { announce, beginDuty, giveableRole } from './assignRole.ts';

export interface AnswerRoleInput {
  assignmentId: string;
  userId: string;
  via: string;
}

/**
 * Run twice it changes nothing. When somebody else answers (the person slept, the page went on to the emergency contact),
 * the role is theirs: they said yes to it.
 */
export const answerRole = command(
  'incidents.answerRole',
  { allow: 'internal', subject: (input: AnswerRoleInput) => input.assignmentId },
  async (ctx, input: AnswerRoleInput): Promise<{ accepted: boolean }> => {
    const row = await ctx.db
      .selectFrom('incidents.roleAssignments')
      .select(['incidentId', 'role', 'userId'])
      .where('id', '=', input.assignmentId)
      .executeTakeFirst();
    if (!row) return { accepted: false };
    const incident = await lockIncident(ctx, row.incidentId);
    ctx.audit.subject = input.assignmentId;
    const held = (await holdingsOf(ctx, incident.id)).find(
      ({ role, userId }) => role === row.role && userId === row.userId,
    );
    const person = await userById(ctx, input.userId);
    const responds = person?.active && person.roles.some((one) => one !== 'viewer' && one !== 'auditor');
    if (!held || held.accepted || !person || !responds || isEnded(incident.phase)) return { accepted: false };
    const role = await giveableRole(ctx, row.role);
    const other = person.id === row.userId ? null : await userById(ctx, row.userId);
    if (other) await endAssignment(ctx, incident.id, row.role, row.userId);
    await beginDuty(ctx, incident, role, person, {}, !other);
    await write(ctx, incident, {
      kind: 'role',
      text: `${person.name} has ${role.title} (${input.via})${other ? `; ${other.name}, on the rota, has not answered` : ''}`,
      actor: { kind: 'user', id: person.id, name: person.name },
    });
    await acknowledgeIncident(ctx, await lockIncident(ctx, incident.id), person.id, ctx.now, input.via);
    await announce(ctx, incident, row.role, person.id, other?.id ?? null);
    ctx.audit.after = { role: row.role, userId: person.id };
    return { accepted: true };
  },
);
