/** What an operator may change about watched metrics while the product runs. */
import { defineSetting } from '#kernel';
import { z } from 'zod';

export const metricLimits = defineSetting({
  key: 'signals.metricLimits',
  schema: z.strictObject({ maxSeries: z.number().int().min(1).max(20_000) }),
  default: { maxSeries: 2000 },
  help: 'How many series of metrics all watches together may hold. Each costs about 12 kB of database and one small calculation a step.',
});
