/** A webhook that is gone, or has failed for days, is switched off, and whoever it belongs to is told. */
import { type Ctx, emit } from '#kernel';
import { command } from '#security';
import { recipientGone } from '../events.ts';
import { disableEndpoint } from '../store.ts';

export const endEndpoint = command(
  'channels.endEndpoint',
  { allow: 'internal', subject: (input: { endpointId: string; reason: string }) => input.endpointId },
  async (ctx: Ctx, { endpointId, reason }): Promise<{ ended: boolean }> => {
    const ended = await disableEndpoint(ctx.db, endpointId, ctx.now, reason);
    ctx.audit.skip = !ended;
    ctx.audit.after = { off: reason };
    if (ended)
      await emit(ctx, recipientGone, { channel: 'webhook', recipient: endpointId, reason }, { subject: endpointId });
    return { ended };
  },
);
