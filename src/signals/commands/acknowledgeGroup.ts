/** Takes a group: it is yours, and nobody else is asked. */
import { conflict, emit, personOf } from '#kernel';
import { command, personRefs } from '#security';
import { factsOf } from '../announce.ts';
import { groupAcknowledged } from '../events.ts';
import type { Group } from '../model.ts';
import { givePages } from '../paging.ts';
import { lockGroup, saveGroup } from '../store.ts';

export interface AcknowledgeGroup {
  groupId: string;
  /** Where the button was: `console`, `api`. */
  via?: string | undefined;
}

export const acknowledgeGroup = command(
  'signals.acknowledgeGroup',
  { allow: 'responder', subject: (input: AcknowledgeGroup) => input.groupId },
  async (ctx, input: AcknowledgeGroup): Promise<Group> => {
    const group = await lockGroup(ctx, input.groupId);
    const userId = personOf(ctx.actor);
    if (group.state === 'resolved') {
      throw conflict(`“${group.title}” is resolved already`, 'signals.resolved', 'There is nothing left to take.', {
        state: group.state,
      });
    }
    if (group.state === 'acknowledged') {
      ctx.audit.skip = true;
      if (group.acknowledgedBy === null || group.acknowledgedBy === userId) return group;
      const holder = (await personRefs(ctx, [group.acknowledgedBy])).get(group.acknowledgedBy)?.name ?? 'Somebody else';
      throw conflict(
        `${holder} has “${group.title}” already`,
        'signals.acknowledged',
        'Talk to them, or declare an incident.',
        { state: group.state },
      );
    }
    const via = input.via ?? 'console';
    const after: Group = {
      ...group,
      state: 'acknowledged',
      acknowledgedAt: ctx.now,
      acknowledgedBy: userId ?? ctx.actor.id,
      acknowledgedVia: via,
    };
    await saveGroup(ctx, after);
    if (userId) await givePages(ctx, group.id, userId, via);
    ctx.audit.incident = group.incidentId ?? undefined;
    ctx.audit.before = { state: group.state };
    ctx.audit.after = { state: after.state };
    await emit(
      ctx,
      groupAcknowledged,
      { ...factsOf(after), userId: userId ?? null, via },
      { subject: group.id, incident: group.incidentId },
    );
    return after;
  },
);
