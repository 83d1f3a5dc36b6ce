/** What signals do when modules below announce something. */
import { reaction } from '#kernel';
import { pageAcknowledged, pageReopened } from '#people';
import { noteAcknowledged } from './commands/noteAcknowledged.ts';
import { noteReopened } from './commands/noteReopened.ts';

/** Whoever answers the page has the group. */
export const onPageAcknowledged = reaction(
  'signals.onPageAcknowledged',
  pageAcknowledged,
  async (ctx, { pageId, subject, userId, via, at }) => {
    if (subject.kind !== 'alert_group') return;
    await noteAcknowledged(ctx, { groupId: subject.id, pageId, userId, via, at: new Date(at) });
  },
);

/** A page that comes back opens its group again. */
export const onPageReopened = reaction('signals.onPageReopened', pageReopened, async (ctx, { subject, userId, at }) => {
  if (subject.kind === 'alert_group') await noteReopened(ctx, { groupId: subject.id, userId, at: new Date(at) });
});
