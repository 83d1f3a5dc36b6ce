/** Takes a snooze back: the page stays with who has it, and asks again only as its policy says. */
import { addMs, conflict } from '#kernel';
import { command } from '#security';
import { note } from '../calling.ts';
import { openToAct, sleepUntil } from '../waking.ts';

/** Throws 409 when the page is not snoozed, 404, 403. */
export const endSnooze = command(
  'people.endSnooze',
  { allow: 'responder', subject: (input: { pageId: string }) => input.pageId },
  async (ctx, { pageId }) => {
    const { page, person } = await openToAct(ctx, pageId);
    if (page.wakeReason !== 'snooze')
      throw conflict('This page is not snoozed', 'people.snooze', undefined, { state: page.state });
    const minutes = page.ackTimeoutMinutes;
    await sleepUntil(ctx, page, minutes === null ? null : addMs(ctx.now, minutes * 60_000), 'ack_timeout');
    await note(ctx, page, { reason: 'snooze_ended', userId: person.id, text: `${person.name} has ended the snooze` });
    ctx.audit.before = { snoozedUntil: page.wakeAt };
    return { pageId };
  },
);
