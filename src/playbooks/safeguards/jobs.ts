/** Ends freezes whose time has run out. The gate itself goes by the clock and does not wait for this. */

import { z } from 'zod';
import { defineJob } from '#kernel';
import { tidyFreeze } from '../commands/tidyFreeze.ts';

export const tidyFreezes = defineJob(
  'playbooks.tidyFreezes',
  z.object({}),
  async (ctx) => {
    const rows = await ctx.db
      .selectFrom('playbooks.freezes')
      .select(['id', 'exercise'])
      .where('endedAt', 'is', null)
      .where('expiresAt', '<=', ctx.now)
      .execute();
    for (const row of rows) await tidyFreeze({ ...ctx, exercise: row.exercise }, { freezeId: row.id });
  },
  { every: 60_000 },
);
