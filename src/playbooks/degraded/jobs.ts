/** Looks at modes that are on for too long or being left: they drain, are compared, and only then are off. */
import { defineJob } from '#kernel';
import { systemActor } from '#security';
import { z } from 'zod';
import { settleMode } from '../commands/settleMode.ts';
import { liveModes } from './store.ts';

export const lookAtMode = defineJob('playbooks.lookAtMode', z.object({ modeId: z.string() }), (ctx, { modeId }) =>
  settleMode({ ...ctx, actor: systemActor('playbooks.degraded') }, { modeId }),
);

export const sweepModes = defineJob(
  'playbooks.sweepModes',
  z.object({}),
  async (ctx) => {
    for (const { id, exercise } of await liveModes(ctx.db))
      await settleMode({ ...ctx, exercise, actor: systemActor('playbooks.degraded') }, { modeId: id });
  },
  { every: 15_000 },
);
