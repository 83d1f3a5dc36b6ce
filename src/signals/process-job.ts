/** The job of a signal that was only stored: three tries, then a person is told. */
import { defineJob } from '#kernel';
import { z } from 'zod';
import { processSignal } from './commands/processSignal.ts';
import { quarantineSignal } from './commands/quarantineSignal.ts';
import { countAttempt } from './ingest/store.ts';

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
