/** What an operator may change about the watchdog. */
import { checkUrl, defineSetting } from '#kernel';
import { z } from 'zod';

const callable = (url: string) => {
  if (url === '') return true;
  try {
    checkUrl(url);
    return true;
  } catch {
    return false;
  }
};

export const watchdog = defineSetting({
  key: 'signals.watchdog',
  schema: z.strictObject({
    /** Called after each whole trip; empty: no trips. */
    url: z.string().trim().max(2000).refine(callable, 'an http(s) address that may be called'),
    everySeconds: z.number().int().min(2).max(600).default(45),
    /** Between the two steps of the synthetic page. */
    stepSeconds: z.number().int().min(1).max(300).default(15),
    /** A trip that takes longer has failed. */
    limitSeconds: z.number().int().min(3).max(900).default(60),
  }),
  default: { url: '', everySeconds: 45, stepSeconds: 15, limitSeconds: 60 },
  secret: true,
  help: 'Somebody outside who raises the alarm when this product falls silent (Healthchecks, Dead Man’s Snitch, another Evenkeel’s heartbeat …). The address is called only after a synthetic alert went the whole way: door, alert, page, next step, message. Set the outside alarm to two minutes without a call (a period of one minute and a grace of one).',
});
