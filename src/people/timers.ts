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
  { urgent: true, waits: true },
);

/** The key of a page's timer: acknowledging cancels it, a new turn moves it. */
export const pageTimer = (pageId: string) => `page:${pageId}`;

type Sending = (ctx: Ctx, payload: { userId: string; methodId: string }) => Promise<unknown>;
let sending: Sending = () => Promise.reject(new Error('people.sendLater has no work yet'));

/** Says what the timer of held-back messages does; once, when the module is loaded. */
export const onSendTimer = (fn: Sending) => {
  sending = fn;
};

export const sendLater = defineJob(
  'people.sendLater',
  z.object({ userId: z.string(), methodId: z.string() }),
  (ctx, payload) => sending(ctx, payload),
  { waits: true },
);

/** One timer for each way of each person: it is set to the first message that waits. */
export const sendTimer = (userId: string, methodId: string) => `waiting:${userId}:${methodId}`;
