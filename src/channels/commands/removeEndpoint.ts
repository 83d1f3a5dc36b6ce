/** Ends an endpoint: nothing more is sent to it. The row stays, because deliveries point to it. */
import { command } from '#security';
import { disableEndpoint } from '../store.ts';

export const removeEndpoint = command(
  'channels.removeEndpoint',
  { allow: 'internal', subject: (input: { endpointId: string }) => input.endpointId },
  async (ctx, { endpointId }) => {
    await disableEndpoint(ctx.db, endpointId, ctx.now, 'it was removed');
    return {};
  },
);
