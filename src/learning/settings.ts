/** What an operator may decide about reviews. */
import { z } from 'zod';
import { defineSetting } from '#kernel';

const rule = z
  .strictObject({ days: z.number().int().min(1).max(60), count: z.enum(['calendar', 'business']) })
  .nullable();

export const reviewPolicy = defineSetting({
  key: 'learning.reviewPolicy',
  policy: true,
  schema: z.strictObject({ sev1: rule, sev2: rule, sev3: rule, sev4: rule }),
  default: {
    sev1: { days: 3, count: 'calendar' as const },
    sev2: { days: 5, count: 'business' as const },
    sev3: null,
    sev4: null,
  },
  help:
    'Which severities are reviewed, and by when: so many calendar or business days (Monday to Friday) after the service was ' +
    'restored, by the clock of the installation’s time zone. Empty = no review unless somebody asks for one.',
});
