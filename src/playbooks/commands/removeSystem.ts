/** Forgets an outside system: its credential is gone, actions that name it are refused from now on. */
import { type Ctx, notFound } from '#kernel';
import { command } from '#security';
import { removeSystemRow, systemById } from '../systems/store.ts';

export const removeSystem = command(
  'playbooks.removeSystem',
  { allow: 'admin', subject: ({ systemId }: { systemId: string }) => systemId },
  async (ctx: Ctx, { systemId }): Promise<void> => {
    const row = await systemById(ctx.db, systemId);
    if (!row || row.removedAt) throw notFound('System', systemId);
    ctx.audit.before = { name: row.name, kind: row.kind, address: row.address };
    await removeSystemRow(ctx, systemId);
  },
);
