/** Whose turn it is in a step that calls its people one after the other. Durable, and decided under a lock. */
import { type Db, later } from '#kernel';
import type { Called } from './escalation.ts';

export interface RoundsTable {
  policyId: string;
  step: number;
  /** User ids in the order in which they were last called. */
  called: string[];
}
declare module '#kernel' {
  interface Database {
    'people.rounds': RoundsTable;
  }
}

/** The one whose turn was longest ago; who never had one goes first, in the order of the step. */
export function whoseTurn(candidates: Called[], called: string[]): Called | undefined {
  const last = (person: Called) => called.indexOf(person.userId);
  return candidates.toSorted((a, b) => last(a) - last(b))[0];
}

/** The order after somebody had a turn. Those who are no longer candidates stay in it: they may come back. */
export const afterTurn = (called: string[], userId: string): string[] =>
  [...called.filter((other) => other !== userId), userId].slice(-200);

/** Takes the next turn of a step. Two pages at the same instant get two people: the row is locked until the commit. */
export async function takeRound(db: Db, policyId: string, step: number, candidates: Called[]): Promise<Called[]> {
  await db
    .insertInto('people.rounds')
    .values({ policyId, step, called: [] })
    .onConflict((on) => on.columns(['policyId', 'step']).doNothing())
    .modifyEnd(later)
    .execute();
  const row = await roundsOf(db, policyId, step).forUpdate().executeTakeFirst();
  const chosen = whoseTurn(candidates, row?.called ?? []);
  if (!chosen) return [];
  await db
    .updateTable('people.rounds')
    .set({ called: afterTurn(row?.called ?? [], chosen.userId) })
    .where('policyId', '=', policyId)
    .where('step', '=', step)
    .modifyEnd(later)
    .execute();
  return [{ ...chosen, because: `${chosen.because}; their turn among ${candidates.length}` }];
}

const roundsOf = (db: Db, policyId: string, step: number) =>
  db.selectFrom('people.rounds').select('called').where('policyId', '=', policyId).where('step', '=', step);

/** The orders of all steps of a policy, to show who comes next. */
export async function ordersOf(db: Db, policyId: string | null): Promise<Map<number, string[]>> {
  if (policyId === null) return new Map();
  const rows = await db.selectFrom('people.rounds').selectAll().where('policyId', '=', policyId).execute();
  return new Map(rows.map((row) => [row.step, row.called]));
}
