/** What an operator may change about signals while the product runs. */
import { defineSetting } from '#kernel';
import { z } from 'zod';

export const retention = defineSetting({
  key: 'signals.retention',
  schema: z.strictObject({
    processedDays: z.number().int().min(1).max(3650),
    rejectedHours: z.number().int().min(24).max(8760),
  }),
  default: { processedDays: 30, rejectedHours: 24 },
  help: 'How long the raw bytes of received posts are kept: days for those that were processed, hours for those that could not be read. Alerts and counts stay.',
});
