/** A person says that these groups have no common cause: each stands on its own again, and whoever was held is asked about. */
import { notFound } from '#kernel';
import { command } from '#security';
import { lockCorrelation, lockOpen, openMembers, saveCorrelation } from '../store.ts';
import { freed, stillOpen } from './releaseGroups.ts';

export interface UndoCorrelation {
  correlationId: string;
  reason?: string | undefined;
}

export const undoCorrelation = command(
  'signals.undoCorrelation',
  { allow: 'responder', subject: (input: UndoCorrelation) => input.correlationId },
  async (ctx, { correlationId, reason = '' }: UndoCorrelation): Promise<void> => {
    const groups = await lockOpen(ctx, await openMembers(ctx, correlationId));
    const row = await lockCorrelation(ctx, correlationId);
    if (!row) throw notFound('Correlation', correlationId);
    stillOpen(row);
    ctx.exercise = row.exercise;
    ctx.audit.reason = reason || undefined;
    ctx.audit.after = { state: 'undone', groups: groups.length };
    const told = `${ctx.actor.name} undid it${reason ? `: ${reason}` : ''}`;
    await saveCorrelation(ctx, row, { state: 'undone', endedBy: ctx.actor.id, endedReason: reason || null }, told);
    for (const group of groups)
      if (group.id !== row.leadGroupId)
        await freed(ctx, group, `${ctx.actor.name} says that it has a cause of its own.`);
  },
);
