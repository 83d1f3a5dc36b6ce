/** Delayed and periodic work of signals: processing what was only stored, and forgetting raw bodies. */
import { addMs, defineJob, enqueue, readSetting } from '#kernel';
import { z } from 'zod';
import { expireAlerts } from './commands/expireAlerts.ts';
import { processSignal } from './commands/processSignal.ts';
import { quarantineSignal } from './commands/quarantineSignal.ts';
import { countAttempt, forgetBodies, leftovers } from './ingest/store.ts';
import { retention } from './settings.ts';

/** After so many failures a signal is quarantined and a person is told. */
const ATTEMPTS = 3;

export const processSignalJob = defineJob(
  'signals.process',
  z.object({ signalId: z.string() }),
  async (ctx, { signalId }) => {
    try {
      await processSignal(ctx, { signalId });
    } catch (error) {
      const attempts = await countAttempt(ctx, signalId);
      if (attempts < ATTEMPTS) throw error;
      ctx.log.error(
        { signalId, error: (error as Error).message },
        'a signal could not be processed and was quarantined',
      );
      await quarantineSignal(ctx, { signalId, error: (error as Error).message });
    }
  },
);

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

export const forget = defineJob(
  'signals.forget',
  z.object({}),
  async (ctx) => {
    const { processedDays, rejectedHours } = await readSetting(ctx, retention);
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
