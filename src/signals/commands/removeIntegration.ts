/** Removes an integration that never sent anything. One with a history is switched off instead. */
import { conflict } from '#kernel';
import { command } from '#security';
import { deleteIntegration, lockIntegration } from '../integrations/store.ts';

export const removeIntegration = command(
  'signals.removeIntegration',
  { allow: 'manager', subject: (input: { id: string }) => input.id },
  async (ctx, input: { id: string }): Promise<{ id: string }> => {
    const integration = await lockIntegration(ctx, input.id);
    ctx.audit.before = { kind: integration.kind, name: integration.name };
    if (await deleteIntegration(ctx, integration.id)) return { id: integration.id };
    throw conflict(
      `“${integration.name}” has sent signals`,
      'signals.in_use',
      'Its history stays. Switch it off, or revoke its key.',
    );
  },
);
