/** Makes one planned thing real, by the same commands that people use. */
import { createService, updateService } from '#catalog';
import { send } from '#channels';
import { createComponent, saveComponent } from '#comms';
import { config, type Ctx } from '#kernel';
import {
  addOverride,
  carryContactMethod,
  createPolicy,
  createSchedule,
  createTeam,
  removeOverride,
  updatePolicy,
  updateSchedule,
  updateTeam,
} from '#people';
import { inviteUser } from '#security';
import { createIntegration, saveHeartbeat, updateIntegration } from '#signals';
import type { FieldsOf } from './model.ts';
import type { Planned } from './plan.ts';
import type { Own } from './present.ts';

export interface Carrying {
  planned: Planned;
  /** What is here under that id now, for a change. */
  own: Own | undefined;
  sendInvitations: boolean;
}

/** Returns the id here. Runs in the caller's transaction; throws the Problems of the commands. */
export async function carryOne(ctx: Ctx, { planned, own, sendInvitations }: Carrying): Promise<{ ownId: string }> {
  const id = planned.row.state === 'change' ? own?.id : undefined;
  const version = own?.version;
  const fields = planned.wanted as never;
  switch (planned.item.kind) {
    case 'user':
      return carryUser(ctx, planned, sendInvitations);
    case 'team': {
      const { name, description, members } = fields as FieldsOf['team'];
      const team = { name, description, members: members.map(({ user, role }) => ({ userId: user, role })) };
      return {
        ownId: id ? (await updateTeam(ctx, { ...team, id, version }), id) : (await createTeam(ctx, team)).id,
      };
    }
    case 'schedule': {
      const { name, team, zone, layers } = fields as FieldsOf['schedule'];
      // Everybody new is unproven: the warning is meant, and the audit of reachability says it again.
      const schedule = { name, teamId: team, zone, layers, acceptWarnings: true };
      return {
        ownId: id
          ? (await updateSchedule(ctx, { ...schedule, id, version }), id)
          : (await createSchedule(ctx, schedule)).id,
      };
    }
    case 'override': {
      const { schedule, user, replaces, from, to } = fields as FieldsOf['override'];
      if (own && id)
        await removeOverride(ctx, { scheduleId: (own.fields as FieldsOf['override']).schedule, overrideId: id });
      const added = await addOverride(ctx, {
        scheduleId: schedule,
        userId: user,
        replacesUserId: replaces,
        from,
        to,
        reason: (planned.item.fields as FieldsOf['override']).reason,
      });
      return { ownId: added.id };
    }
    case 'policy': {
      const { name, team, steps, repeat, ackTimeoutMinutes } = fields as FieldsOf['policy'];
      const policy = {
        name,
        teamId: team,
        repeat,
        ackTimeoutMinutes,
        steps: steps.map((step) => ({ ...step, targets: step.targets.map(({ kind, ref }) => ({ kind, id: ref })) })),
      };
      return {
        ownId: id ? (await updatePolicy(ctx, { ...policy, id, version }), id) : (await createPolicy(ctx, policy)).id,
      };
    }
    case 'service': {
      const { name, description, team, policy } = fields as FieldsOf['service'];
      const service = { name, description, teamId: team, policyId: policy };
      return {
        ownId: (id ? await updateService(ctx, { ...service, id, version }) : await createService(ctx, service)).id,
      };
    }
    case 'integration': {
      const { name, kind, service } = fields as FieldsOf['integration'];
      if (!id) return { ownId: (await createIntegration(ctx, { kind, name, serviceId: service })).integration.id };
      await updateIntegration(ctx, { id, version, name, serviceId: service });
      return { ownId: id };
    }
    case 'heartbeat': {
      const { integration, ...beat } = fields as FieldsOf['heartbeat'];
      return { ownId: (await saveHeartbeat(ctx, { ...beat, integrationId: integration })).id };
    }
    case 'component': {
      const component = fields as FieldsOf['component'];
      const row = id
        ? await saveComponent(ctx, { ...component, id })
        : await createComponent(ctx, { ...component, serviceIds: [] });
      return { ownId: row.id };
    }
  }
}

/** An account with an invitation, and the addresses the old pager knew, unproven. */
async function carryUser(ctx: Ctx, { item }: Planned, sendInvitations: boolean): Promise<{ ownId: string }> {
  const { email, name, role, contacts } = item.fields as FieldsOf['user'];
  const { userId, token, expiresAt } = await inviteUser(ctx, { email, name, roles: [role] });
  for (const { kind, value, label } of contacts) await carryContactMethod(ctx, { userId, kind, value, label });
  if (sendInvitations) await mailInvitation(ctx, { userId, name, email, token, expiresAt });
  return { ownId: userId };
}

async function mailInvitation(
  ctx: Ctx,
  {
    userId,
    name,
    email,
    token,
    expiresAt,
  }: { userId: string; name: string; email: string; token: string; expiresAt: Date },
): Promise<void> {
  const link = `${config.publicUrl}/join?token=${token}`;
  const text = [
    `Hello ${name},`,
    '',
    'your team is moving its on-call duty to Evenkeel. Choose a password here, and confirm how you want to be reached:',
    '',
    link,
    '',
    `The link works once, until ${expiresAt.toISOString().slice(0, 16).replace('T', ' ')} UTC.`,
  ].join('\n');
  await send(ctx, {
    channel: 'email',
    to: email,
    purpose: 'security',
    ref: userId,
    key: `import.invitation:${userId}`,
    message: { subject: 'Your account for being on call', text },
  });
}
