/** Delayed and periodic work of signals: processing what was only stored, and forgetting raw bodies. */
import { addMs, defineJob, enqueue, readSetting } from '#kernel';
import { z } from 'zod';
import { expireAlerts } from './commands/expireAlerts.ts';
import { forgetBodies, leftovers } from './ingest/store.ts';
import { processSignalJob } from './process-job.ts';
import { processBlocks } from './commands/processBlocks.ts';
import { setAsideBlock } from './commands/setAsideBlock.ts';
import { inHand } from './intake/behind.ts';
import { forgetBlocks, orphanBlocks } from './intake/store.ts';
import { retention } from './settings.ts';

/** Every accepted signal reaches a terminal state, also when its node died between storing and processing. */
export const sweep = defineJob(
  'signals.sweep',
  z.object({}),
  async (ctx) => {
    for (const signalId of await leftovers(ctx, addMs(ctx.now, -30_000), 200)) {
      await enqueue(ctx, processSignalJob, { signalId }, { key: `signals.process:${signalId}` });
    }
  },
  { every: 60_000 },
);

/** Blocks whose node died before it processed them. */
export const takeOver = defineJob(
  'signals.takeOver',
  z.object({}),
  async (ctx) => {
    for (;;) {
      const blocks = await orphanBlocks(ctx, [...inHand], 20);
      for (const block of blocks)
        await processBlocks(ctx, { blocks: [block] }).catch(() => setAsideBlock(ctx, { block }));
      if (blocks.length < 20) return;
    }
  },
  { every: 2_000, urgent: true },
);

export const forget = defineJob(
  'signals.forget',
  z.object({}),
  async (ctx) => {
    const { processedDays, rejectedHours } = await readSetting(ctx, retention);
    await forgetBlocks(ctx, addMs(ctx.now, -processedDays * 86_400_000));
    await forgetBodies(ctx, 'processed', addMs(ctx.now, -processedDays * 86_400_000));
    await forgetBodies(ctx, 'rejected', addMs(ctx.now, -rejectedHours * 3_600_000));
  },
  { every: 3_600_000 },
);

/** Alerts whose source must repeat them: what was not repeated is over (Alertmanager's resolve timeout). */
export const expire = defineJob(
  'signals.expire',
  z.object({}),
  async (ctx) => {
    const due = await ctx.db
      .selectFrom('signals.alerts')
      .select(['integrationId', 'test'])
      .distinct()
      .where('state', '=', 'firing')
      .where('expiresAt', '<=', ctx.now)
      .where('exercise', '=', false)
      .execute();
    for (const each of due) while ((await expireAlerts(ctx, each)) >= 300);
  },
  { every: 15_000 },
);
