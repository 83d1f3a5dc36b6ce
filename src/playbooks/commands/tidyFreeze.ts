/** Ends a freeze that has run for its whole time, and says so: it can be renewed. */
import type { Ctx } from '#kernel';
import { command } from '#security';
import { freezeById } from '../safeguards/store.ts';
import { releaseFreeze } from './releaseFreeze.ts';

export const tidyFreeze = command(
  'playbooks.tidyFreeze',
  {
    allow: 'internal',
    subject: ({ freezeId }: { freezeId: string }) => freezeId,
  },
  async (ctx: Ctx, { freezeId }): Promise<void> => {
    const row = await freezeById(ctx.db, freezeId);
    if (!row || row.endedAt || row.expiresAt > ctx.now) return;
    await releaseFreeze(ctx, {
      freezeId,
      reason: 'its time has run out; freeze again if it is still needed',
    });
  },
);
