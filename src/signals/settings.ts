/** What an operator may change about signals while the product runs. */
import { defineSetting } from '#kernel';
import { z } from 'zod';
import { LENIENT } from './intake/fairness.ts';

export const retention = defineSetting({
  key: 'signals.retention',
  schema: z.strictObject({
    processedDays: z.number().int().min(1).max(3650),
    rejectedHours: z.number().int().min(24).max(8760),
  }),
  default: { processedDays: 30, rejectedHours: 24 },
  help: 'How long the raw bytes of received posts are kept: days for those that were processed, hours for those that could not be read. Alerts and counts stay.',
});

const rate = z.strictObject({
  perSecond: z.number().min(1).max(1_000_000),
  burst: z.number().int().min(1).max(10_000_000),
});

export const intakeLimits = defineSetting({
  key: 'signals.intakeLimits',
  schema: rate.extend({
    queue: z.number().int().min(1000).max(10_000_000),
    share: z.number().min(0.1).max(1),
    /** By the id of an integration: limits of its own. */
    sources: z.record(z.string().max(60), rate),
  }),
  default: { ...LENIENT, sources: {} },
  help: 'How many posts one sender may send in a second and at once on top (429 with Retry-After beyond, and nothing is stored), and which share of the queue one sender may fill when more comes in than can be processed. The rest is kept for the others. Under “sources” an integration, by its id, has limits of its own.',
});
