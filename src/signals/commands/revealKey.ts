/** Shows the current key again, for copying a snippet. The audit log remembers who looked. */
import { command } from '#security';
import { currentKey, type Integration, lockIntegration } from '../integrations/store.ts';

export const revealKey = command(
  'signals.revealKey',
  { allow: 'manager', subject: (input: { id: string }) => input.id },
  async (ctx, input: { id: string }): Promise<{ integration: Integration; key: string }> => {
    const integration = await lockIntegration(ctx, input.id);
    return { integration, key: await currentKey(ctx, integration.id) };
  },
);
