/** The silence over a group has ended while it still fires: people are asked now. */
import { command } from '#security';
import { pageFor } from '../../paging.ts';
import { lockGroup, saveGroup } from '../../store.ts';
import { silenceOver } from '../apply.ts';

export const liftSilence = command(
  'signals.liftSilence',
  { allow: 'internal', subject: (input: { groupId: string }) => input.groupId },
  async (ctx, input: { groupId: string }): Promise<'asked' | 'still_silent' | 'nothing_to_ask'> => {
    const group = await lockGroup(ctx, input.groupId);
    ctx.audit.skip = true;
    if (group.suppressedBy === null || group.state !== 'open') return 'nothing_to_ask';
    const silence = await silenceOver(ctx, group);
    if (silence !== 'none') return 'still_silent';
    ctx.audit.skip = false;
    ctx.audit.before = { suppressedBy: group.suppressedBy };
    const pageId = group.test ? null : await pageFor(ctx, group, 'Its silence has ended and it still fires.');
    await saveGroup(ctx, { ...group, suppressedBy: null, pageId: pageId ?? group.pageId });
    return 'asked';
  },
);
