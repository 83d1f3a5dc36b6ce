/** A heartbeat called in: by our clock, whatever the sender's says. One that was missed is over. */
import { enqueue } from '#kernel';
import { command } from '#security';
import { integrationOf, noteHeard } from '../../../integrations/store.ts';
import { eventOf, ownSignal } from '../../../own-signal.ts';
import { dueAfter, isStorm, keyOfBeat } from '../model.ts';
import { heartbeatByName, saveHeartbeatRow } from '../store.ts';
import { checkHeartbeat, jobKey } from '../timer.ts';

export interface PingHeartbeat {
  integrationId: string;
  name: string;
}

export const pingHeartbeat = command(
  'signals.pingHeartbeat',
  { allow: 'internal' },
  async (ctx, input: PingHeartbeat): Promise<'pinged' | 'unknown'> => {
    ctx.audit.skip = true;
    const beat = await heartbeatByName(ctx, input.integrationId, input.name, true);
    if (!beat) return 'unknown';
    await noteHeard(ctx, input.integrationId);
    if (isStorm(beat, ctx.now)) return 'pinged';
    const dueAt = dueAfter(ctx.now, beat.intervalSeconds);
    await saveHeartbeatRow(ctx, { ...beat, lastPingAt: ctx.now, dueAt, expiredAt: null });
    if (beat.expiredAt === null) return 'pinged';
    await enqueue(ctx, checkHeartbeat, { id: beat.id }, { runAt: dueAt, key: jobKey(beat.id) });
    const integration = await integrationOf(ctx, beat.integrationId);
    await ownSignal(ctx, integration, `Heartbeat “${beat.name}” came again`, [
      eventOf({ action: 'resolve', key: keyOfBeat(beat.name) }),
    ]);
    return 'pinged';
  },
);
