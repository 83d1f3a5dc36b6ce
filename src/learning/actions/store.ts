/** Writes and reads rows of improvements. Own table only. */
import {
  type Ctx,
  type Generated,
  type Insertable,
  isId,
  type Json,
  notFound,
  type Selectable,
  type Updateable,
} from '#kernel';
import type { ActionState, ActionType } from './model.ts';

/** A due day that was moved: what it was, what it became, and the reason. */
export interface DueMove {
  from: string;
  to: string;
  reason: string;
  by: string;
  at: string;
}

interface ActionsTable {
  id: string;
  number: Generated<number>;
  reviewId: string | null;
  incidentId: string | null;
  exercise: boolean;
  title: string;
  detail: string;
  type: ActionType | null;
  strength: number | null;
  state: ActionState;
  ownerId: string | null;
  dueOn: string | null;
  dueZone: string | null;
  dueAt: Date | null;
  originalDueOn: string | null;
  dueMoves: Json<DueMove[]>;
  proposedBy: string;
  proposedAt: Date;
  confirmedAt: Date | null;
  startedAt: Date | null;
  settledAt: Date | null;
  settledBy: string | null;
  settledNote: string | null;
  overdueNotedAt: Date | null;
  version: Generated<number>;
}
export type ActionRow = Selectable<ActionsTable>;

declare module '#kernel' {
  interface Database {
    'learning.actions': ActionsTable;
  }
}

/** What people say aloud: `A-12`. */
export const actionKey = (row: { number: number }) => `A-${row.number}`;

export const insertAction = (ctx: Ctx, action: Insertable<ActionsTable>): Promise<ActionRow> =>
  ctx.db.insertInto('learning.actions').values(action).returningAll().executeTakeFirstOrThrow();

/** The action, locked until the transaction ends; from here on the context is a drill's if the action is. 404 when there is none. */
export async function lockAction(ctx: Ctx, id: string): Promise<ActionRow> {
  const row = isId('imp', id)
    ? await ctx.db.selectFrom('learning.actions').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
    : undefined;
  if (!row) throw notFound('Improvement', id);
  ctx.exercise = row.exercise;
  return row;
}

/** Saves a change; the version counts up. */
export const saveAction = (ctx: Ctx, id: string, change: Updateable<ActionsTable>): Promise<ActionRow> =>
  ctx.db
    .updateTable('learning.actions')
    .set((eb) => ({ ...change, version: eb('version', '+', 1) }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();

export const actionsOfReview = (ctx: Pick<Ctx, 'db'>, reviewId: string): Promise<ActionRow[]> =>
  ctx.db.selectFrom('learning.actions').selectAll().where('reviewId', '=', reviewId).orderBy('number').execute();

/** Marks the actions that have become overdue, each once, and returns them. */
export const noteOverdueActions = (ctx: Ctx): Promise<ActionRow[]> =>
  ctx.db
    .updateTable('learning.actions')
    .set({ overdueNotedAt: ctx.now })
    .where('overdueNotedAt', 'is', null)
    .where('state', 'in', ['confirmed', 'in_progress'])
    .where('dueAt', '<=', ctx.now)
    .returningAll()
    .execute();
