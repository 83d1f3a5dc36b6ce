/** Keeps how a push of the site to a copy went, and when it is tried again. */
import { addMs } from '#kernel';
import { command } from '#security';
import { requestPush } from '../copies/jobs.ts';
import { retryAfter } from '../copies/model.ts';
import { copyById, saveCopy } from '../copies/store.ts';

export type NotePushInput = { id: string } & ({ pushed: Record<string, string>; said: string } | { error: string });

export const notePush = command(
  'comms.notePush',
  { allow: 'internal', subject: (input: NotePushInput) => input.id },
  async (ctx, input): Promise<void> => {
    const row = await copyById(ctx, input.id);
    if (!row) return;
    if ('error' in input) {
      const tries = row.tries + 1;
      await saveCopy(ctx, row.id, {
        tries,
        error: input.error,
        failingSince: row.failingSince ?? ctx.now,
        pushed: {},
      });
      await requestPush(ctx, row.id, addMs(ctx.now, retryAfter(tries)));
      ctx.audit.after = { error: input.error, tries };
      return;
    }
    await saveCopy(ctx, row.id, {
      pushed: input.pushed,
      pushedFiles: Object.keys(input.pushed).length,
      said: input.said,
      pushedAt: ctx.now,
      tries: 0,
      error: null,
      failingSince: null,
    });
    ctx.audit.after = { files: Object.keys(input.pushed).length };
  },
);
