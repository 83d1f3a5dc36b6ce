/** The timer of a page. What happens when it fires is set in `jobs.ts`; here is what a turn needs to set the next one. */
import { z } from 'zod';
import { type Ctx, defineJob } from '#kernel';

type Work = (ctx: Ctx, payload: { pageId: string; turn: number }) => Promise<unknown>;
let work: Work = () => Promise.reject(new Error('people.escalate has no work yet'));

/** Says what the timer does; once, when the module is loaded. */
export const onPageTimer = (fn: Work) => {
  work = fn;
};

export const escalateLater = defineJob(
  'people.escalate',
  z.object({ pageId: z.string(), turn: z.number() }),
  (ctx, payload) => work(ctx, payload),
  { urgent: true },
);

/** The key of a page's timer: acknowledging cancels it, a new turn moves it. */
export const pageTimer = (pageId: string) => `page:${pageId}`;
