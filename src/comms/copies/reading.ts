/** Reading copies of the site back, as a customer would: a copy that says something else for five minutes is told to those who speak. */
import { egressFetch, type Ctx } from '#kernel';
import { noteReading } from '../commands/noteReading.ts';
import { judge, READ_BACK } from './model.ts';
import { placeOf } from './places/index.ts';
import { filesFor, saidBy } from './push.ts';
import { type CopyRow, saveCopy, targetOf } from './store.ts';

/** What stands there: at its public address when it has one, otherwise where it was pushed to. */
async function found(ctx: Ctx, row: CopyRow): Promise<{ text: string } | { error: string }> {
  try {
    if (!row.url) return { text: await placeOf(row.kind).read(ctx, targetOf(row), READ_BACK) };
    const { status, text } = await egressFetch(ctx, `${row.url.replace(/\/+$/, '')}/${READ_BACK}`, {
      maxBytes: 4_000_000,
      purpose: 'read-back of the status page',
    });
    return status === 200 ? { text } : { error: `${row.url} answered ${status}` };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

/** Reads one copy back and keeps what was found. */
export async function readBack(ctx: Ctx, row: CopyRow): Promise<void> {
  const what = await found(ctx, row);
  // Asked after the reading: what was published in between counts as a difference for one round at most.
  const expected = saidBy(await filesFor(ctx, row));
  const reading = judge(what, expected, ctx.now);
  // Every minute, all is well: that is worth a time in the row, not an entry in the audit log.
  if (reading.state === 'same' && row.readState === 'same') return saveCopy(ctx, row.id, { readAt: ctx.now });
  await noteReading(ctx, { id: row.id, ...reading });
}
