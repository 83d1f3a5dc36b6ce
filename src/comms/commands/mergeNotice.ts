/** Takes an emergency notice into the record: published past every rule, by whoever held the key (break-glass). */
import { emit, Problem } from '#kernel';
import { command } from '#security';
import { noticeMerged } from '../events.ts';
import { readNotice, type SignedNotice } from '../notices/note.ts';
import { activeKeys, insertNotice, markEnded } from '../notices/store.ts';
import { requestRender } from '../statuspage/jobs.ts';

/** True when it was not in the record before. A notice whose key is unknown or revoked is refused (403). */
export const mergeNotice = command(
  'comms.mergeNotice',
  { allow: 'internal', subject: (input: { notice: SignedNotice }) => input.notice.id },
  async (ctx, input): Promise<boolean> => {
    const read = readNotice(input.notice, await activeKeys(ctx.db));
    if ('refused' in read)
      throw new Problem(403, `The notice is refused: ${read.refused}`, { rule: 'comms.emergency_notice' });
    const { notice, key } = read;
    if (!(await insertNotice(ctx, notice))) {
      ctx.audit.skip = true;
      return false;
    }
    if (notice.ends) await markEnded(ctx, notice.ends, notice.text || notice.headline);
    const { signature: _, ...words } = notice;
    ctx.audit.reason = `break-glass: published with the emergency key “${key.name}” while the product was not there`;
    ctx.audit.after = { ...words, keyName: key.name };
    await emit(ctx, noticeMerged, { noticeId: notice.id, keyId: key.id }, { subject: notice.id });
    await requestRender(ctx);
    return true;
  },
);
