/** Has the public site pushed to a folder, a bucket or a Git remote from now on. */
import { checkUrl } from '#kernel';
import { command } from '#security';
import { requestPush } from '../copies/jobs.ts';
import { placeOf } from '../copies/places/index.ts';
import { type CopyRow, insertCopy } from '../copies/store.ts';
import type { CopyConfig } from '../tables.ts';

export interface AddCopyInput {
  name: string;
  place: CopyConfig;
  secret?: string | undefined;
  url: string | null;
}

export const addCopy = command(
  'comms.addCopy',
  { allow: 'admin', subject: (_input: AddCopyInput, row: CopyRow) => row.id },
  async (ctx, { name, place, secret, url }): Promise<CopyRow> => {
    if (url) checkUrl(url);
    placeOf(place.kind).check(place, secret);
    const row = await insertCopy(ctx, { name, config: place, secret, url });
    ctx.audit.after = { name, place, url, secret: secret === undefined ? 'none' : 'sealed' };
    await requestPush(ctx, row.id);
    return row;
  },
);
