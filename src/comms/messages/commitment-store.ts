/** SQL of commitments: what we said would happen by a time, and what became of it. */
import type { Ctx, Selectable } from '#kernel';
import type { CommitmentsTable } from '../tables-messages.ts';
import { GRACE_MS } from './measures.ts';

export type CommitmentRow = Selectable<CommitmentsTable>;

/** Ends the open ones of these kinds. `done`: kept when within grace, else missed. `withdrawn`: taken back before its time. */
export async function settleCommitments(
  ctx: Ctx,
  incidentId: string,
  kinds: CommitmentRow['kind'][],
  how: 'done' | 'withdrawn',
  at: Date = ctx.now,
): Promise<void> {
  const rows = await ctx.db
    .selectFrom('comms.commitments')
    .select(['id', 'dueAt'])
    .where('incidentId', '=', incidentId)
    .where('state', '=', 'open')
    .where('kind', 'in', kinds)
    .forUpdate()
    .execute();
  for (const { id, dueAt } of rows) {
    const inTime = at.getTime() <= dueAt.getTime() + GRACE_MS;
    const state = !inTime ? ('missed' as const) : how === 'done' ? ('kept' as const) : ('withdrawn' as const);
    await ctx.db.updateTable('comms.commitments').set({ state, settledAt: ctx.now }).where('id', '=', id).execute();
  }
}

export const commitmentsOf = (ctx: Pick<Ctx, 'db'>, incidentId: string): Promise<CommitmentRow[]> =>
  ctx.db
    .selectFrom('comms.commitments')
    .selectAll()
    .where('incidentId', '=', incidentId)
    .orderBy('dueAt')
    .orderBy('id')
    .execute();
