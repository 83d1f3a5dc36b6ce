/** Takes a heartbeat away. Its alert, if one is open, is resolved with it. */
import { cancelJob, notFound } from '#kernel';
import { command } from '#security';
import { integrationOf } from '../../../integrations/store.ts';
import { eventOf, ownSignal } from '../../../own-signal.ts';
import { keyOfBeat } from '../model.ts';
import { deleteHeartbeat, lockHeartbeat } from '../store.ts';
import { jobKey } from '../timer.ts';

export const removeHeartbeat = command(
  'signals.removeHeartbeat',
  { allow: 'manager', subject: (input: { id: string }) => input.id },
  async (ctx, input: { id: string }): Promise<{ id: string }> => {
    const beat = await lockHeartbeat(ctx, input.id);
    if (!beat) throw notFound('Heartbeat', input.id);
    await cancelJob(ctx, jobKey(beat.id));
    if (beat.expiredAt !== null)
      await ownSignal(ctx, await integrationOf(ctx, beat.integrationId), `Heartbeat “${beat.name}” was removed`, [
        eventOf({ action: 'resolve', key: keyOfBeat(beat.name) }),
      ]);
    await deleteHeartbeat(ctx, beat.id);
    ctx.audit.before = { name: beat.name, interval: beat.intervalSeconds };
    return { id: beat.id };
  },
);
