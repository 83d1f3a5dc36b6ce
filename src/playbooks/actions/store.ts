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
import type { CheckResult } from './admission/checks.ts';
import { freeLock } from './locks.ts';
import { ACTION_STATES, type ActionState, holdsKey, isLive, LEASE_MS, mayFollow, type Rule } from './model.ts';
import type { Impact } from './radius.ts';

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
  target: string;
  wantedAutonomy: Autonomy | null;
  automatic: boolean;
  vetoSeconds: number;
  vetoUntil: Instant | null;
  impact: Json<Impact | null>;
  checks: Json<CheckResult[]>;
  inputs: Json<Record<string, unknown>> | null;
  policy: string | null;
  concurrency: string | null;
  concurrencyMax: number;
  waitsFor: string | null;
  abortReason: string | null;
  knownBadId: string | null;
  acknowledgedBy: string | null;
  overrideId: string | null;
  comparable: boolean;
  revertedAt: Instant | null;
  measureUntil: Instant | null;
  measureToldAt: Instant | null;
  measureKeptBy: string | null;
  measureNote: string | null;
}
declare module '#kernel' {
  interface Database {
    'playbooks.actionRuns': ActionRunsTable;
  }
}
export type ActionRow = Selectable<ActionRunsTable>;

const HOLDING = ACTION_STATES.filter(holdsKey);

export const actionById = (db: Db, id: string): Promise<ActionRow | undefined> =>
  db.selectFrom('playbooks.actionRuns').selectAll().where('id', '=', id).executeTakeFirst();

export const lockAction = (db: Db, id: string): Promise<ActionRow | undefined> =>
  db.selectFrom('playbooks.actionRuns').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();

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

/** The action of a step that waits or is under way, if any. */
export const holderOfStep = (db: Db, stepRunId: string): Promise<ActionRow | undefined> =>
  db
    .selectFrom('playbooks.actionRuns')
    .selectAll()
    .where('stepRunId', '=', stepRunId)
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
  | 'target'
  | 'wantedAutonomy'
  | 'automatic'
  | 'vetoSeconds'
  | 'impact'
  | 'checks'
  | 'inputs'
  | 'policy'
  | 'concurrency'
  | 'concurrencyMax'
  | 'knownBadId'
  | 'overrideId'
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
        impact: json(row.impact),
        checks: json(row.checks),
        inputs: json(row.inputs),
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
    | 'autonomy'
    | 'vetoUntil'
    | 'impact'
    | 'checks'
    | 'inputs'
    | 'plan'
    | 'waitsFor'
    | 'abortReason'
    | 'acknowledgedBy'
    | 'overrideId'
    | 'comparable'
    | 'revertedAt'
    | 'measureUntil'
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
  const { rules, response, impact, checks, inputs, plan, ...fields } = change;
  const moved = await ctx.db
    .updateTable('playbooks.actionRuns')
    .set({
      ...fields,
      ...(rules && { rules: json(rules) }),
      ...(response && { response: json(response) }),
      ...(impact && { impact: json(impact) }),
      ...(checks && { checks: json(checks) }),
      ...(inputs && { inputs: json(inputs) }),
      ...(plan && { plan: json(plan) }),
      state,
    })
    .where('id', '=', row.id)
    .where('state', '=', row.state)
    .returningAll()
    .executeTakeFirstOrThrow();
  // Its place in the concurrency group is free as soon as nothing can be under way any more.
  if (!isLive(state) && state !== 'needs_human') await freeLock(ctx.db, row.id);
  return moved;
}

/** An engine that is sending says that it lives: only under its own fencing number. */
export async function renewLease(db: Db, id: string, fence: number): Promise<void> {
  await sql`update playbooks.action_runs set lease_until = kernel.now() + make_interval(secs => ${LEASE_MS / 1000})
    where id = ${id} and fence = ${fence} and lease_until is not null and state in ('running', 'undoing')`.execute(db);
}

/** Actions whose engine has gone silent, or that were approved and never picked up: the sweep looks at them. */
export const stranded = (ctx: Pick<Ctx, 'db' | 'now'>): Promise<ActionRow[]> =>
  ctx.db
    .selectFrom('playbooks.actionRuns')
    .selectAll()
    .where('state', 'in', ['running', 'undoing', 'unknown', 'aborted'])
    .where((eb) => eb.or([eb('leaseUntil', 'is', null), eb('leaseUntil', '<', ctx.now)]))
    .execute();

/** Proposals nobody answered in time. */
export const overdue = (ctx: Pick<Ctx, 'db' | 'now'>): Promise<ActionRow[]> =>
  ctx.db
    .selectFrom('playbooks.actionRuns')
    .selectAll()
    .where('state', 'in', ['previewed', 'awaiting_approval', 'approved', 'veto_window'])
    .where('expiresAt', '<', ctx.now)
    .execute();
