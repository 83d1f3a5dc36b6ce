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

export const correlation = defineSetting({
  key: 'signals.correlation',
  schema: z.strictObject({
    enabled: z.boolean(),
    windowMinutes: z.number().min(1).max(120),
    silentFrom: z.number().int().min(2).max(50),
    silentFromChanged: z.number().int().min(2).max(50),
    silentShare: z.number().min(0).max(1),
    releaseAfterSeconds: z.number().int().min(0).max(3600),
  }),
  default: {
    enabled: true,
    windowMinutes: 10,
    silentFrom: 3,
    silentFromChanged: 2,
    silentShare: 0.3,
    releaseAfterSeconds: 60,
  },
  help: 'Alerts of services that share a failing upstream on the map become one case, and only the people of the probable cause are asked. Groups join that began, or were joined, within so many minutes. An upstream that does not alert itself is held for the cause when so many services alert that do not work without it (fewer, when it was changed within the last hour), and at least this share of what directly needs it is affected. When the cause is over, whoever still fires so many seconds later is asked about.',
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
