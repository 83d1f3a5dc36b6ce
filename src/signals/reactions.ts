/** What signals do when modules below announce something. */
import { reaction } from '#kernel';
import { pageAcknowledged } from '#people';
import { noteAcknowledged } from './commands/noteAcknowledged.ts';

/** Whoever answers the page has the group. */
export const onPageAcknowledged = reaction(
  'signals.onPageAcknowledged',
  pageAcknowledged,
  async (ctx, { subject, userId, via, at }) => {
    if (subject.kind !== 'alert_group') return;
    await noteAcknowledged(ctx, { groupId: subject.id, userId, via, at: new Date(at) });
  },
);
