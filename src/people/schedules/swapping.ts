/** What offering and answering a swap have in common: whose duty it is, and the one row that is decided once. */
import { conflict, type Ctx, notFound, type Problem, personOf } from '#kernel';
import type { Person } from '#security';
import { finalShifts } from './model.ts';
import { type LoadedSchedule, planOf, type SwapRow } from './store.ts';

/** The person must have duty somewhere in the stretch, or would have it if they were not away. */
export function requireDuty(
  ctx: Ctx,
  users: Map<string, Person>,
  schedule: LoadedSchedule,
  userId: string,
  from: Date,
  to: Date,
  problem: () => Problem,
): void {
  const plan = planOf(schedule, (id) => users.get(id)?.active === true);
  const start = from > ctx.now ? from : ctx.now;
  const shifts = finalShifts(plan, start, to);
  if (!shifts.some((shift) => shift.userId === userId || shift.blocked === userId)) throw problem();
}

/** Locks an offer one was asked to take. 404 for those it is none of their business; 409 when it is decided or over. */
export const lockAskedSwap = (ctx: Ctx, id: string): Promise<SwapRow> =>
  lockOpenSwap(ctx, id, (row, me) => row.asked.includes(me));

/** Locks an offer of one's own. Throws as `lockAskedSwap`. */
export const lockOwnSwap = (ctx: Ctx, id: string): Promise<SwapRow> =>
  lockOpenSwap(ctx, id, (row, me) => row.fromUserId === me);

async function lockOpenSwap(ctx: Ctx, id: string, concerns: (row: SwapRow, me: string) => boolean): Promise<SwapRow> {
  const row = await ctx.db.selectFrom('people.swaps').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  if (!row || !concerns(row, personOf(ctx.actor) ?? '')) throw notFound('Swap', id);
  if (row.state !== 'offered') throw conflict(`This offer is ${row.state} already`, 'people.swap');
  if (row.toAt <= ctx.now) throw conflict('This shift is over', 'people.swap');
  return row;
}

interface Decided {
  toUserId: string;
  overrideId: string;
  returnOverrideId: string | null;
}

/** Writes how it was decided. */
export const decideSwap = (ctx: Ctx, id: string, state: SwapRow['state'], more: Partial<Decided> = {}) =>
  ctx.db
    .updateTable('people.swaps')
    .set({ state, decidedAt: ctx.now, ...more })
    .where('id', '=', id)
    .execute();
