/** What was changed after incidents, for the words customers read when one comes again: done, and still in work. */
import type { Ctx } from '#kernel';

export async function changesSince(
  ctx: Pick<Ctx, 'db'>,
  incidentIds: string[],
): Promise<{ done: string[]; open: { title: string; due: string | null }[] }> {
  if (incidentIds.length === 0) return { done: [], open: [] };
  const rows = await ctx.db
    .selectFrom('learning.actions')
    .select(['title', 'state', 'dueOn'])
    .where('incidentId', 'in', incidentIds)
    .where('state', 'in', ['confirmed', 'in_progress', 'done'])
    .where('exercise', '=', false)
    .orderBy('confirmedAt')
    .execute();
  return {
    done: rows.filter(({ state }) => state === 'done').map(({ title }) => title),
    open: rows.filter(({ state }) => state !== 'done').map(({ title, dueOn }) => ({ title, due: dueOn })),
  };
}
