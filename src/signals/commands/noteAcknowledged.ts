/** Follows an acknowledged page: the group is taken by whoever answered it. */
import { emit } from '#kernel';
import { command } from '#security';
import { factsOf } from '../announce.ts';
import { groupAcknowledged } from '../events.ts';
import type { Group } from '../model.ts';
import { lockGroup, saveGroup } from '../store.ts';

export interface NoteAcknowledged {
  groupId: string;
  pageId: string;
  userId: string;
  via: string;
  at: Date;
}

/**
 * Safe to repeat: only an open group changes, or one whose own page has since gone to somebody else. Whoever was asked to
 * help and says yes to a page of their own does not take the group away.
 */
export const noteAcknowledged = command(
  'signals.noteAcknowledged',
  { allow: 'internal', subject: (input: NoteAcknowledged) => input.groupId },
  async (ctx, input: NoteAcknowledged): Promise<void> => {
    const group = await lockGroup(ctx, input.groupId);
    const handedOn =
      group.state === 'acknowledged' &&
      group.pageId === input.pageId &&
      group.acknowledgedAt !== null &&
      group.acknowledgedAt < input.at;
    if (group.state !== 'open' && !handedOn) {
      ctx.audit.skip = true;
      return;
    }
    const after: Group = {
      ...group,
      state: 'acknowledged',
      acknowledgedAt: input.at,
      acknowledgedBy: input.userId,
      acknowledgedVia: input.via,
    };
    await saveGroup(ctx, after);
    ctx.audit.after = { state: after.state, by: input.userId };
    await emit(
      ctx,
      groupAcknowledged,
      { ...factsOf(after), userId: input.userId, via: input.via },
      { subject: group.id, incident: group.incidentId },
    );
  },
);
