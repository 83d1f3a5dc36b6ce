/** Flags as screens and the API show them. */
import type { Ctx } from '#kernel';
import { allFlags, lastChanges } from './store.ts';

export async function flagViews(ctx: Pick<Ctx, 'db'>) {
  const [flags, changes] = await Promise.all([allFlags(ctx.db), lastChanges(ctx.db)]);
  return flags.map(({ createdAt: _createdAt, updatedAt, ...flag }) => {
    const change = changes.get(flag.id);
    return {
      ...flag,
      updatedAt: updatedAt.toISOString(),
      lastChange: change
        ? {
            reason: change.reason,
            by: change.actorName,
            at: change.at.toISOString(),
            incidentId: change.incidentId,
          }
        : null,
    };
  });
}
