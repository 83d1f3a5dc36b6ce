/** A heartbeat did not come: its alert opens. Pinged meanwhile, it is only looked at again when the next is due. */
import { enqueue } from '#kernel';
import { command } from '#security';
import { integrationOf } from '../../../integrations/store.ts';
import { eventOf, ownSignal } from '../../../own-signal.ts';
import { isMissed, keyOfBeat, messageOf } from '../model.ts';
import { lockHeartbeat, saveHeartbeatRow } from '../store.ts';
import { checkHeartbeat, jobKey } from '../timer.ts';

export const missHeartbeat = command(
  'signals.missHeartbeat',
  { allow: 'internal', subject: (input: { id: string }) => input.id },
  async (ctx, input: { id: string }): Promise<'missed' | 'came' | 'off'> => {
    ctx.audit.skip = true;
    const beat = await lockHeartbeat(ctx, input.id);
    if (!beat?.enabled || beat.expiredAt !== null) return 'off';
    const integration = await integrationOf(ctx, beat.integrationId);
    if (!isMissed(beat, ctx.now) || !integration.enabled) {
      await enqueue(
        ctx,
        checkHeartbeat,
        { id: beat.id },
        { runAt: laterOf(beat.dueAt, ctx.now), key: jobKey(beat.id) },
      );
      return 'came';
    }
    ctx.audit.skip = false;
    ctx.audit.after = { name: beat.name, lastPingAt: beat.lastPingAt, dueAt: beat.dueAt };
    await saveHeartbeatRow(ctx, { ...beat, expiredAt: ctx.now });
    const last = beat.lastPingAt ? `It last came at ${beat.lastPingAt.toISOString()}.` : 'It never came.';
    await ownSignal(ctx, integration, `Heartbeat “${beat.name}” was due at ${beat.dueAt.toISOString()}`, [
      eventOf({
        action: 'trigger',
        key: keyOfBeat(beat.name),
        title: messageOf(beat),
        severity: beat.severity,
        description: `${last} It is expected every ${beat.intervalSeconds} seconds. ${beat.description}`.trim(),
        source: beat.name,
        labels: { heartbeat: beat.name, ...(beat.tags.length > 0 ? { tags: beat.tags.join(',') } : {}) },
        group: { key: keyOfBeat(beat.name), title: messageOf(beat) },
      }),
    ]);
    return 'missed';
  },
);

/** While its integration is switched off it is looked at every minute. */
const laterOf = (dueAt: Date, now: Date) => (dueAt > now ? dueAt : new Date(now.getTime() + 60_000));
