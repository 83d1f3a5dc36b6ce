/** Resolves a flapping group after a whole quiet window. */
import { emit } from '#kernel';
import { command } from '#security';
import { groupResolved } from '../events.ts';
import { resolved } from '../model.ts';
import { stopPaging } from '../paging.ts';
import { lockGroup, saveGroup } from '../store.ts';

export const settleGroup = command(
  'signals.settleGroup',
  { allow: 'internal', subject: (input: { groupId: string }) => input.groupId },
  async (ctx, input: { groupId: string }): Promise<'resolved' | 'still_firing' | 'settled_before'> => {
    const group = await lockGroup(ctx, input.groupId);
    if (group.state === 'resolved' || group.firingCount > 0) {
      ctx.audit.skip = true;
      return group.state === 'resolved' ? 'settled_before' : 'still_firing';
    }
    const after = resolved(group, 'source', ctx.now);
    await saveGroup(ctx, after);
    await emit(
      ctx,
      groupResolved,
      {
        groupId: group.id,
        serviceId: group.serviceId,
        severity: group.severity,
        title: group.title,
        test: group.test,
        by: 'source',
      },
      { subject: group.id, incident: group.incidentId },
    );
    await stopPaging(ctx, group.id, 'resolved by its source, quiet since');
    return 'resolved';
  },
);
