/** Containment actions and the engine's journal, and the SQL that writes them. */
import {
  type Ctx,
  type Db,
  type Generated,
  type Instant,
  type Json,
  json,
  newId,
  type Selectable,
  type StampedAt,
  sql,
} from '#kernel';
import type { Autonomy, RiskClass } from '../format/schema.ts';
import type { ActionPlan, ReadBack } from './contract.ts';
import { ACTION_STATES, type ActionState, holdsKey, mayFollow, type Rule } from './model.ts';

interface ActionRunsTable {
  id: string;
  incidentId: string;
  runId: string | null;
  stepRunId: string | null;
  action: string;
  connector: string;
  title: string;
  params: Json<Record<string, unknown>>;
  intentHash: string;
  idempotencyKey: string;
  state: ActionState;
  autonomy: Autonomy;
  riskClass: RiskClass;
  customerVisible: boolean;
  approvalId: string | null;
  reason: string | null;
  manual: string | null;
  verifyExpr: string | null;
  verifyWithinSeconds: number;
  timeoutSeconds: number;
  onFailure: 'needs_human' | 'undo' | 'continue';
  plan: Json<ActionPlan | null>;
  response: Json<Record<string, unknown>> | null;
  rules: Json<Rule[]>;
  noop: boolean;
  error: string | null;
  requestedBy: string;
  requestedByName: string;
  requestedAt: StampedAt;
  approvedAt: Instant | null;
  expiresAt: Instant;
  startedAt: Instant | null;
  verifyUntil: Instant | null;
  endedAt: Instant | null;
  undoneAt: Instant | null;
  outcomeBy: string | null;
  outcomeNote: string | null;
  leaseOwner: string | null;
  leaseUntil: Instant | null;
  fence: number | null;
  simulated: boolean;
  exercise: boolean;
}
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
    'playbooks.actionRuns': ActionRunsTable;
    'playbooks.actionAttempts': ActionAttemptsTable;
  }
}
export type ActionRow = Selectable<ActionRunsTable>;
export type AttemptRow = Selectable<ActionAttemptsTable>;

const HOLDING = ACTION_STATES.filter(holdsKey);

export const actionById = (db: Db, id: string): Promise<ActionRow | undefined> =>
  db.selectFrom('playbooks.actionRuns').selectAll().where('id', '=', id).executeTakeFirst();

export const lockAction = (db: Db, id: string): Promise<ActionRow | undefined> =>
  db.selectFrom('playbooks.actionRuns').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();

export const actionByApproval = (db: Db, approvalId: string): Promise<ActionRow | undefined> =>
  db.selectFrom('playbooks.actionRuns').selectAll().where('approvalId', '=', approvalId).executeTakeFirst();

export const actionsOf = (db: Db, incidentId: string): Promise<ActionRow[]> =>
  db
    .selectFrom('playbooks.actionRuns')
    .selectAll()
    .where('incidentId', '=', incidentId)
    .orderBy('requestedAt')
    .orderBy('id')
    .execute();

/** The action that holds a key now, if any (check 8). */
export const holderOfKey = (db: Db, key: string): Promise<ActionRow | undefined> =>
  db
    .selectFrom('playbooks.actionRuns')
    .selectAll()
    .where('idempotencyKey', '=', key)
    .where('state', 'in', HOLDING)
    .executeTakeFirst();

/** How often this intent was undone before. */
export async function timesUndone(db: Db, incidentId: string, action: string, intentHash: string): Promise<number> {
  const row = await db
    .selectFrom('playbooks.actionRuns')
    .select((eb) => eb.fn.countAll<string>().as('n'))
    .where('incidentId', '=', incidentId)
    .where('action', '=', action)
    .where('intentHash', '=', intentHash)
    .where('state', '=', 'undone')
    .executeTakeFirstOrThrow();
  return Number(row.n);
}

type NewAction = Pick<
  ActionRow,
  | 'incidentId'
  | 'runId'
  | 'stepRunId'
  | 'action'
  | 'connector'
  | 'title'
  | 'params'
  | 'intentHash'
  | 'idempotencyKey'
  | 'state'
  | 'autonomy'
  | 'riskClass'
  | 'customerVisible'
  | 'reason'
  | 'manual'
  | 'verifyExpr'
  | 'verifyWithinSeconds'
  | 'timeoutSeconds'
  | 'onFailure'
  | 'plan'
  | 'rules'
  | 'requestedBy'
  | 'requestedByName'
  | 'expiresAt'
  | 'simulated'
  | 'exercise'
>;

/** Writes a new action; undefined when another one took the key in the meantime. */
export async function insertAction(ctx: Ctx, row: NewAction): Promise<ActionRow | undefined> {
  return (
    ctx.db
      .insertInto('playbooks.actionRuns')
      .values({
        id: newId('act'),
        ...row,
        params: json(row.params),
        plan: json(row.plan),
        rules: json(row.rules),
        noop: false,
        requestedAt: ctx.now,
      } as never)
      // Without naming the partial index: as a prepared statement the planner could not prove its condition from parameters.
      .onConflict((oc) => oc.doNothing())
      .returningAll()
      .executeTakeFirst()
  );
}

type Change = Partial<
  Pick<
    ActionRow,
    | 'approvalId'
    | 'approvedAt'
    | 'startedAt'
    | 'verifyUntil'
    | 'endedAt'
    | 'undoneAt'
    | 'error'
    | 'noop'
    | 'response'
    | 'rules'
    | 'outcomeBy'
    | 'outcomeNote'
    | 'leaseOwner'
    | 'leaseUntil'
    | 'fence'
  >
>;

/** Moves an action to a state that may follow its present one; anything else is a lost race and throws. */
export async function moveAction(
  ctx: Ctx,
  row: ActionRow,
  state: ActionState,
  change: Change = {},
): Promise<ActionRow> {
  if (row.state !== state && !mayFollow(row.state, state))
    throw new Error(`action ${row.id} cannot go from ${row.state} to ${state}`);
  const { rules, response, ...fields } = change;
  return ctx.db
    .updateTable('playbooks.actionRuns')
    .set({
      ...fields,
      ...(rules && { rules: json(rules) }),
      ...(response && { response: json(response) }),
      state,
    })
    .where('id', '=', row.id)
    .where('state', '=', row.state)
    .returningAll()
    .executeTakeFirstOrThrow();
}

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

/** Actions whose engine has gone silent, or that were approved and never picked up: the sweep looks at them. */
export const stranded = (ctx: Pick<Ctx, 'db' | 'now'>): Promise<ActionRow[]> =>
  ctx.db
    .selectFrom('playbooks.actionRuns')
    .selectAll()
    .where('state', 'in', ['running', 'undoing', 'unknown'])
    .where((eb) => eb.or([eb('leaseUntil', 'is', null), eb('leaseUntil', '<', ctx.now)]))
    .execute();

/** Proposals nobody answered in time. */
export const overdue = (ctx: Pick<Ctx, 'db' | 'now'>): Promise<ActionRow[]> =>
  ctx.db
    .selectFrom('playbooks.actionRuns')
    .selectAll()
    .where('state', 'in', ['previewed', 'awaiting_approval', 'approved'])
    .where('expiresAt', '<', ctx.now)
    .execute();
