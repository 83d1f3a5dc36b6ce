/** A second trip in a row has failed: as much of the pager as still works calls the emergency contact. A whole trip ends that page. */
import { startPage, stopPages } from '#people';
import { command } from '#security';
import { STAGE_WORDS, type Stage } from '../model.ts';

const SUBJECT = { kind: 'watchdog', id: 'trip' };

export const raiseTrip = command(
  'signals.raiseTrip',
  { allow: 'internal' },
  async (ctx, { stage }: { stage: Stage | null }): Promise<{ pageId: string | null }> => {
    if (!stage) {
      const { stopped } = await stopPages(ctx, { subject: SUBJECT, reason: 'a whole trip went through again' });
      ctx.audit.skip = stopped === 0;
      return { pageId: null };
    }
    return startPage(ctx, {
      subject: SUBJECT,
      title: 'The pager does not work: its own test failed twice',
      body: `The watchdog sends a synthetic alert through the whole way of a page. It failed twice in a row: ${STAGE_WORDS[stage]}. Whoever watches from outside is told nothing until it works again, and will raise the alarm.`,
      urgency: 'high',
      link: '/reachability',
    });
  },
);
