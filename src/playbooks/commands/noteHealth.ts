/** Notes whether an outside system answered; a change of that is in the log. */
import type { Ctx } from '#kernel';
import { command } from '#security';
import { saveHealth, systemById } from '../systems/store.ts';

interface Input {
  systemId: string;
  ok: boolean;
  detail: string;
}

export const noteHealth = command(
  'playbooks.noteHealth',
  { allow: 'internal', subject: ({ systemId }: Input) => systemId },
  async (ctx: Ctx, { systemId, ...health }: Input): Promise<void> => {
    const before = await systemById(ctx.db, systemId);
    if (before?.healthy === health.ok) ctx.audit.skip = true;
    ctx.audit.before = { healthy: before?.healthy };
    ctx.audit.after = health;
    await saveHealth(ctx, systemId, health);
  },
);
