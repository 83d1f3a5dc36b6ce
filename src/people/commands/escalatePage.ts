/** The timer of a page fired: nobody has answered, so the next people are called; or who took it is asked again. */
import { command } from '#security';
import { setPageTimer, takeTurn } from '../paging.ts';
import { lockPage } from '../store.ts';
import { wake } from '../waking.ts';

export interface EscalatePage {
  pageId: string;
  /** The turn this timer belongs to; a page that has moved on since ignores it. */
  turn: number;
}

/** Returns what was done and why not when nothing: safe to run twice and late. After an outage one step is taken, not all that were missed. */
export const escalatePage = command(
  'people.escalatePage',
  { allow: 'internal', subject: (input: EscalatePage) => input.pageId },
  async (ctx, input) => {
    const page = await lockPage(ctx.db, input.pageId);
    if (page?.state === 'acknowledged' && page.turn === input.turn) return wake(ctx, page);
    if (page?.state !== 'paging') return { did: 'nothing', why: page?.state ?? 'gone' };
    if (page.turn !== input.turn) return { did: 'nothing', why: 'it has moved on' };
    if (!page.nextTurnAt) return { did: 'nothing', why: 'not yet' };
    if (page.nextTurnAt > ctx.now) {
      // The clock was put back since the timer was set: it is set again, and the page keeps a next step.
      await setPageTimer(ctx, page.id, page.turn, page.nextTurnAt);
      return { did: 'nothing', why: 'not yet' };
    }
    ctx.exercise = page.exercise;
    ctx.synthetic = page.plan.sink;
    ctx.audit.incident = page.incidentId ?? undefined;
    await takeTurn(ctx, page);
    return { did: 'escalated', why: 'nobody has answered' };
  },
);
