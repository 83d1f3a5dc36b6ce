/** Writes every file of a copy again, now: after a repair, or when somebody else has been there. */
import { command } from '#security';
import { requestPush } from '../copies/jobs.ts';
import { type CopyRow, saveCopy, theCopy } from '../copies/store.ts';

export const pushCopy = command(
  'comms.pushCopy',
  { allow: 'manager', subject: (input: { id: string }) => input.id },
  async (ctx, { id }): Promise<CopyRow> => {
    await theCopy(ctx, id);
    await saveCopy(ctx, id, { pushed: {}, tries: 0 });
    await requestPush(ctx, id);
    return theCopy(ctx, id);
  },
);
