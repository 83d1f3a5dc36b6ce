/** Gives a probe a fresh token; the one before stops working at once. */
import { command } from '#security';
import { lockProbe, type Probe, renewToken } from '../store.ts';

export const renewProbe = command(
  'signals.renewProbe',
  { allow: 'manager', subject: (input: { id: string }) => input.id },
  async (ctx, input: { id: string }): Promise<{ probe: Probe; token: string }> => {
    const probe = await lockProbe(ctx, input.id);
    const token = await renewToken(ctx, probe.id);
    ctx.audit.after = { name: probe.name, token: 'renewed' };
    return { probe: { ...probe, hint: token.slice(-4) }, token };
  },
);
