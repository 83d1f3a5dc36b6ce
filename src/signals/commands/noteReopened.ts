/** Follows a page that came back: who had the group has not been heard of, or gave it back; it is open again. */
import { emit } from '#kernel';
import { command } from '#security';
import { groupChanged } from '../events.ts';
import { lockGroup, saveGroup } from '../store.ts';

export interface NoteReopened {
  groupId: string;
  /** Who had the page. */
  userId: string | null;
  at: Date;
}

/** Safe to repeat and to come late: only the group of that person changes, and not when it was taken again since. */
export const noteReopened = command(
  'signals.noteReopened',
  { allow: 'internal', subject: (input: NoteReopened) => input.groupId },
  async (ctx, { groupId, userId, at }: NoteReopened): Promise<void> => {
    const group = await lockGroup(ctx, groupId);
    const theirs = group.state === 'acknowledged' && group.acknowledgedBy === userId && userId !== null;
    if (!theirs || (group.acknowledgedAt && group.acknowledgedAt >= at)) {
      ctx.audit.skip = true;
      return;
    }
    await saveGroup(ctx, {
      ...group,
      state: 'open',
      acknowledgedAt: null,
      acknowledgedBy: null,
      acknowledgedVia: null,
    });
    ctx.audit.before = { state: group.state, by: userId };
    ctx.audit.after = { state: 'open' };
    await emit(ctx, groupChanged, { groupId }, { subject: group.id, incident: group.incidentId });
  },
);
