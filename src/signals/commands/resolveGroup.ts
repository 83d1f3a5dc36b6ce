/** Resolves a group by hand, with whatever still fires in it. The next trigger opens a new alert and a new group. */
import { conflict, emit, personOf } from '#kernel';
import { command } from '#security';
import { factsOf } from '../announce.ts';
import { groupResolved } from '../events.ts';
import { type Group, resolved } from '../model.ts';
import { stopPaging } from '../paging.ts';
import { lockGroup, resolveAlertsOf, saveGroup } from '../store.ts';

export interface ResolveGroup {
  groupId: string;
  reason?: string | undefined;
}

export const resolveGroup = command(
  'signals.resolveGroup',
  { allow: 'responder', subject: (input: ResolveGroup) => input.groupId },
  async (ctx, input: ResolveGroup): Promise<Group> => {
    const group = await lockGroup(ctx, input.groupId);
    if (group.state === 'resolved')
      throw conflict(`“${group.title}” is resolved already`, 'signals.resolved', undefined, { state: group.state });
    const by = personOf(ctx.actor) ?? ctx.actor.id;
    const after: Group = { ...resolved(group, by, ctx.now), firingCount: 0 };
    await resolveAlertsOf(ctx, group.id);
    await saveGroup(ctx, after);
    await stopPaging(ctx, group.id, `resolved by ${ctx.actor.name}`);
    ctx.audit.before = { state: group.state };
    ctx.audit.after = { state: after.state };
    ctx.audit.reason = input.reason;
    ctx.audit.incident = group.incidentId ?? undefined;
    await emit(ctx, groupResolved, { ...factsOf(after), by }, { subject: group.id, incident: group.incidentId });
    return after;
  },
);
