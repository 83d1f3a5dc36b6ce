/** Keeps what was found when a copy of the site was read back; tells those who speak to customers when it is wrong for too long. */
import { emit } from '#kernel';
import { command } from '#security';
import { tellDrift } from '../copies/telling.ts';
import { DRIFT_MS, type Reading } from '../copies/model.ts';
import { requestPush } from '../copies/jobs.ts';
import { copyById, saveCopy } from '../copies/store.ts';
import { copyDrifted } from '../events.ts';

export type NoteReadingInput = Reading & { id: string };

export const noteReading = command(
  'comms.noteReading',
  { allow: 'internal', subject: (input: NoteReadingInput) => input.id },
  async (ctx, { id, state, detail }): Promise<void> => {
    const row = await copyById(ctx, id);
    if (!row) return;
    const reading = { readAt: ctx.now, readState: state, readDetail: detail };
    if (state === 'same') return saveCopy(ctx, id, { ...reading, driftingSince: null, driftToldAt: null });
    const since = row.driftingSince ?? ctx.now;
    const tell = row.driftToldAt === null && ctx.now.getTime() - since.getTime() >= DRIFT_MS;
    await saveCopy(ctx, id, {
      ...reading,
      driftingSince: since,
      ...(tell && { driftToldAt: ctx.now }),
      // Whoever changed it: everything is written again.
      ...(state !== 'unreadable' && { pushed: {} }),
    });
    if (state !== 'unreadable' && row.failingSince === null) await requestPush(ctx, id);
    if (!tell) return;
    await emit(ctx, copyDrifted, { copyId: id, state }, { subject: id });
    await tellDrift(ctx, row, { state, detail }, since);
  },
);
