/** The engine's journal: the intent before anything is sent, the result after, each committed by itself. */
import {
  type Ctx,
  type Db,
  type Generated,
  type Instant,
  type Json,
  json,
  newId,
  type Selectable,
  sql,
  type StampedAt,
} from '#kernel';
import type { ReadBack } from './contract.ts';
import type { ActionRow } from './store.ts';

interface ActionAttemptsTable {
  id: string;
  actionRunId: string;
  direction: 'apply' | 'undo';
  n: number;
  idempotencyKey: string;
  fence: number;
  sentAt: StampedAt;
  finishedAt: Instant | null;
  result: 'accepted' | 'refused' | 'unknown' | null;
  readBack: ReadBack | null;
  detail: Json<Record<string, unknown>> | null;
  simulated: boolean;
  exercise: Generated<boolean>;
}
declare module '#kernel' {
  interface Database {
    'playbooks.actionAttempts': ActionAttemptsTable;
  }
}
export type AttemptRow = Selectable<ActionAttemptsTable>;

/** A number that only grows; targets refuse a smaller one than they have seen. */
export async function nextFence(db: Db): Promise<number> {
  const { rows } = await sql<{
    n: string;
  }>`select nextval('playbooks.fence') as n`.execute(db);
  return Number(rows[0]!.n);
}

/** Journal, first half: the intent, written and committed before anything is sent. */
export async function journalIntent(
  ctx: Ctx,
  row: ActionRow,
  direction: 'apply' | 'undo',
  fence: number,
): Promise<AttemptRow> {
  const before = await ctx.db
    .selectFrom('playbooks.actionAttempts')
    .select('n')
    .where('actionRunId', '=', row.id)
    .where('direction', '=', direction)
    .execute();
  return ctx.db
    .insertInto('playbooks.actionAttempts')
    .values({
      id: newId('att'),
      actionRunId: row.id,
      direction,
      n: before.length + 1,
      idempotencyKey: direction === 'apply' ? row.idempotencyKey : `${row.idempotencyKey}/undo`,
      fence,
      sentAt: ctx.now,
      simulated: row.simulated,
      exercise: row.exercise,
    } as never)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Journal, second half: what came back. A result that is already there is never overwritten. */
export async function journalResult(
  ctx: Ctx,
  attemptId: string,
  result: 'accepted' | 'refused' | 'unknown',
  detail: Record<string, unknown>,
): Promise<void> {
  await ctx.db
    .updateTable('playbooks.actionAttempts')
    .set({ result, detail: json(detail), finishedAt: ctx.now })
    .where('id', '=', attemptId)
    .where('result', 'is', null)
    .execute();
}

export async function journalReadBack(
  ctx: Ctx,
  actionRunId: string,
  direction: 'apply' | 'undo',
  readBack: ReadBack,
): Promise<void> {
  await ctx.db
    .updateTable('playbooks.actionAttempts')
    .set({ readBack, result: 'unknown', finishedAt: ctx.now })
    .where('actionRunId', '=', actionRunId)
    .where('direction', '=', direction)
    .where('readBack', 'is', null)
    .where((eb) => eb.or([eb('result', 'is', null), eb('result', '=', 'unknown')]))
    .execute();
}

export const attemptsOf = (db: Db, actionRunId: string): Promise<AttemptRow[]> =>
  db
    .selectFrom('playbooks.actionAttempts')
    .selectAll()
    .where('actionRunId', '=', actionRunId)
    .orderBy('fence')
    .execute();
