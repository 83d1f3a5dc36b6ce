/** Takes an emergency notice off the page. It stays in the record. */
import { conflict } from '#kernel';
import { command } from '#security';
import { markEnded, noticeById } from '../notices/store.ts';
import { requestRender } from '../statuspage/jobs.ts';

export const endNotice = command(
  'comms.endNotice',
  { allow: 'manager', subject: (input: { id: string; reason: string }) => input.id },
  async (ctx, { id, reason }) => {
    const { headline } = await noticeById(ctx.db, id);
    if (!(await markEnded(ctx, id, reason)))
      throw conflict('This notice is off the page already', 'comms.emergency_notice');
    ctx.audit.before = { headline };
    ctx.audit.reason = reason;
    await requestRender(ctx);
    return noticeById(ctx.db, id);
  },
);
