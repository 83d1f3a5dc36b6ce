/** Ends paging for a group that its source resolved, unless it came back within the grace. */
import { command } from '#security';
import { stopPaging } from '../paging.ts';
import { lockGroup } from '../store.ts';

export const stopPagesOf = command(
  'signals.stopPagesOf',
  { allow: 'internal', subject: (input: { groupId: string }) => input.groupId },
  async (ctx, input: { groupId: string }): Promise<'stopped' | 'came_back'> => {
    const group = await lockGroup(ctx, input.groupId);
    ctx.audit.skip = group.state !== 'resolved';
    if (group.state !== 'resolved') return 'came_back';
    await stopPaging(ctx, group.id, 'resolved by its source');
    return 'stopped';
  },
);
