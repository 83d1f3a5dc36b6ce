/** Work on the clock: the next step of a page, and the watch that no page is forgotten. */
import { z } from 'zod';
import { addMs, defineJob } from '#kernel';
import { escalatePage } from './commands/escalatePage.ts';
import { sendWaiting } from './commands/sendWaiting.ts';
import { escalateLater, onPageTimer, onSendTimer, sendLater } from './timers.ts';

onSendTimer((ctx, due) => sendWaiting(ctx, due));
onPageTimer((ctx, { pageId, turn }) => escalatePage(ctx, { pageId, turn }));

/** A page whose timer is over by half a minute and has not moved was lost on the way; it is moved now. */
const LATE_MS = 30_000;

export const watchPages = defineJob(
  'people.watchPages',
  z.object({}),
  async (ctx) => {
    const late = await ctx.db
      .selectFrom('people.pages')
      .select(['id', 'turn', 'exercise'])
      .where((eb) =>
        eb.or([
          eb('state', '=', 'paging').and('nextTurnAt', '<', addMs(ctx.now, -LATE_MS)),
          eb('state', '=', 'acknowledged').and('wakeAt', '<', addMs(ctx.now, -LATE_MS)),
        ]),
      )
      .orderBy('id')
      .limit(100)
      .execute();
    for (const page of late) {
      ctx.log.warn({ page: page.id }, 'the timer of a page was lost; the page goes on now');
      try {
        await escalatePage({ ...ctx, exercise: page.exercise }, { pageId: page.id, turn: page.turn });
      } catch (error) {
        // One page that cannot go on must not hold up those after it; the auditor raises it.
        ctx.log.error({ page: page.id, error: (error as Error).message }, 'a late page could not be moved on');
      }
    }
    const held = await ctx.db
      .selectFrom('people.waitingSends')
      .select(['userId', 'methodId'])
      .distinct()
      .where('leavesAt', '<', addMs(ctx.now, -LATE_MS))
      .limit(100)
      .execute();
    for (const due of held) await sendWaiting(ctx, due);
  },
  { every: 30_000, urgent: true },
);

export { escalateLater, sendLater };
