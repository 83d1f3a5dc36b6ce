/** Ends every page about something that is over: nobody is called for it any more, and an old button answers so. */
import { emit } from '#kernel';
import { command } from '#security';
import { pageStopped } from '../events.ts';
import { quieten } from '../paging.ts';
import { tellOutcome } from '../posting.ts';
import { endPages, logPage } from '../store.ts';

export interface StopPages {
  subject: { kind: string; id: string };
  /** A sentence for the log: `the alert was resolved by its source`. */
  reason: string;
}

/** Returns how many pages ended. Safe to repeat. */
export const stopPages = command(
  'people.stopPages',
  { allow: 'internal', subject: (input: StopPages) => input.subject.id },
  async (ctx, input) => {
    const ended = await endPages(ctx.db, input.subject, input.reason, ctx.now);
    for (const page of ended) {
      await quieten(ctx, page.id, input.reason);
      await logPage(ctx.db, [
        {
          pageId: page.id,
          at: ctx.now,
          reason: 'stopped',
          text: `Ended: ${input.reason}`,
        },
      ]);
      await tellOutcome({ ...ctx, exercise: page.exercise }, page, {
        type: 'page.stopped',
        headline: `Ended: ${input.reason}`,
        once: `stopped:${page.turn}`,
      });
      await emit(
        ctx,
        pageStopped,
        { pageId: page.id, subject: input.subject, reason: input.reason },
        { subject: page.id, incident: page.incidentId },
      );
    }
    return { stopped: ended.length };
  },
);
