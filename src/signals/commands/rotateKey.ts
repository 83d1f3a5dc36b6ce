/** Makes a new ingest key. The old one works for an overlap, so that senders can be changed without a lost alert, or ends at once. */
import { command } from '#security';
import { lockIntegration, rotate } from '../integrations/store.ts';

export interface RotateKey {
  id: string;
  /** Hours in which the old key still works; 0 revokes it now (a leaked key). */
  overlapHours: number;
}

export const rotateKey = command(
  'signals.rotateKey',
  { allow: 'manager', subject: (input: RotateKey) => input.id },
  async (ctx, input: RotateKey): Promise<{ key: string }> => {
    const integration = await lockIntegration(ctx, input.id);
    const key = await rotate(ctx, integration.id, input.overlapHours * 3_600_000);
    ctx.audit.after = { hint: key.slice(-4), overlapHours: input.overlapHours };
    return { key };
  },
);
