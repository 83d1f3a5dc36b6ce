/** Says for one page after how long it asks again when somebody has taken it. */
import { addMs } from '#kernel';
import { command } from '#security';
import { note } from '../calling.ts';
import { openToAct, sleepUntil } from '../waking.ts';

export interface SetAckTimeout {
  pageId: string;
  /** 5 to 10,080 (a week); null: never. */
  minutes: number | null;
}

/** Overrules the policy for this page only. A taken page counts from now. Throws 404, 403, 409 when it has ended. */
export const setAckTimeout = command(
  'people.setAckTimeout',
  { allow: 'responder', subject: (input: SetAckTimeout) => input.pageId },
  async (ctx, { pageId, minutes }) => {
    const { page, person } = await openToAct(ctx, pageId);
    await ctx.db.updateTable('people.pages').set({ ackTimeoutMinutes: minutes }).where('id', '=', page.id).execute();
    if (page.state === 'acknowledged' && page.wakeReason !== 'snooze')
      await sleepUntil(ctx, page, minutes === null ? null : addMs(ctx.now, minutes * 60_000), 'ack_timeout');
    const words = minutes === null ? 'does not ask again once taken' : `asks again ${minutes} min after it was taken`;
    await note(ctx, page, { reason: 'ack_timeout', userId: person.id, text: `${person.name}: the page ${words}` });
    ctx.audit.before = { ackTimeoutMinutes: page.ackTimeoutMinutes };
    ctx.audit.after = { ackTimeoutMinutes: minutes };
    return { pageId };
  },
);
