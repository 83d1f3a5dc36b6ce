/** What the engine remembers about actions across incidents: past runs, what was bad, dry runs, lost autonomy. */
import { type Ctx, type Db, type Instant, type Json, json, newId, type Selectable, sql, type StampedAt } from '#kernel';
import type { PastRun } from './autonomy.ts';
import type { CheckResult } from './admission/checks.ts';
import type { ActionPlan } from './contract.ts';
import type { Impact } from './radius.ts';

interface KnownBadTable {
  id: string;
  action: string;
  target: string;
  intentHash: string;
  params: Json<Record<string, unknown>>;
  symptom: string;
  incidentId: string;
  actionRunId: string | null;
  at: StampedAt;
  forgottenAt: Instant | null;
  forgottenBy: string | null;
  exercise: boolean;
}
interface PreviewsTable {
  id: string;
  incidentId: string;
  runId: string | null;
  stepId: string | null;
  action: string;
  target: string;
  intentHash: string;
  plan: Json<ActionPlan>;
  impact: Json<Impact>;
  checks: Json<CheckResult[]>;
  by: string;
  byName: string;
  at: StampedAt;
  exercise: boolean;
}
interface AutonomyDropsTable {
  id: string;
  action: string;
  target: string;
  reason: string;
  actionRunId: string | null;
  at: StampedAt;
  restoredAt: Instant | null;
  restoredBy: string | null;
  restoreNote: string | null;
  exercise: boolean;
}
declare module '#kernel' {
  interface Database {
    'playbooks.knownBad': KnownBadTable;
    'playbooks.previews': PreviewsTable;
    'playbooks.autonomyDrops': AutonomyDropsTable;
  }
}
export type KnownBadRow = Selectable<KnownBadTable>;
export type PreviewRow = Selectable<PreviewsTable>;
export type DropRow = Selectable<AutonomyDropsTable>;

/** What an action is remembered by. */
export interface Approach {
  action: string;
  target: string;
}

/**
 * The latest finished runs of an approach, newest first. An effective run in a drill counts for the real thing, that is what
 * drills are for; a failed verification counts among its own kind, since a drill's target may lie on purpose.
 */
export async function pastRuns(
  ctx: Ctx,
  { action, target }: Approach,
  exercise: boolean,
  except: string | null,
): Promise<PastRun[]> {
  const { rows } = await sql<{ at: Date; state: string; verified: boolean; effective: boolean }>`
    select coalesce(ended_at, requested_at) as at, state,
           error like 'the target accepted it, but%' and exercise = ${exercise} as verified,
           state = 'effective' or (state in ('undone', 'undoing') and undone_at is not null and error is null) as effective
    from playbooks.action_runs
    where action = ${action} and target = ${target} and not noop and id is distinct from ${except}
      and state in ('effective', 'undone', 'undoing', 'failed', 'needs_human', 'aborted')
    order by requested_at desc limit 20`.execute(ctx.db);
  return rows.map((row) => ({
    at: row.at,
    state: row.state === 'undoing' ? 'undone' : (row.state as PastRun['state']),
    failedVerify: row.verified === true,
    wasEffective: row.effective === true,
  }));
}

/** Everything that was sent to a target, newest first, for cooldown, run limit and oscillation. */
export async function sends(ctx: Ctx, target: string, exercise: boolean, since: Date) {
  return ctx.db
    .selectFrom('playbooks.actionAttempts as t')
    .innerJoin('playbooks.actionRuns as a', 'a.id', 't.actionRunId')
    .select(['t.sentAt', 't.direction', 'a.id as actionRunId', 'a.action', 'a.intentHash'])
    .where('a.target', '=', target)
    .where('t.exercise', '=', exercise)
    .where('t.sentAt', '>=', since)
    .orderBy('t.sentAt', 'desc')
    .execute();
}

/** Writes down that an approach was bad. */
export async function rememberBad(
  ctx: Ctx,
  row: Pick<KnownBadRow, 'action' | 'target' | 'intentHash' | 'params' | 'symptom' | 'incidentId' | 'actionRunId'>,
): Promise<KnownBadRow> {
  return ctx.db
    .insertInto('playbooks.knownBad')
    .values({ id: newId('bad'), ...row, params: json(row.params), at: ctx.now, exercise: ctx.exercise } as never)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** The latest memory of this very approach with these very values; drills do not warn about the real thing. */
export const badOf = (ctx: Ctx, approach: Approach & { intentHash: string }, exercise: boolean) =>
  ctx.db
    .selectFrom('playbooks.knownBad')
    .selectAll()
    .where('action', '=', approach.action)
    .where('target', '=', approach.target)
    .where('intentHash', '=', approach.intentHash)
    .where('exercise', '=', exercise)
    .where('forgottenAt', 'is', null)
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst();

export async function keepPreview(ctx: Ctx, row: Omit<PreviewRow, 'id' | 'at'>): Promise<PreviewRow> {
  const { plan, impact, checks, ...rest } = row;
  return ctx.db
    .insertInto('playbooks.previews')
    .values({
      id: newId('prv'),
      ...rest,
      plan: json(plan),
      impact: json(impact),
      checks: json(checks),
      at: ctx.now,
    } as never)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** When an approach was last tried dry. */
export async function lastPreview(ctx: Ctx, { action, target }: Approach): Promise<Date | null> {
  const row = await ctx.db
    .selectFrom('playbooks.previews')
    .select('at')
    .where('action', '=', action)
    .where('target', '=', target)
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.at ?? null;
}

/** Takes an approach's autonomy away until a person restores it. A second reason changes nothing. */
export async function dropAutonomy(
  ctx: Ctx,
  row: Approach & { reason: string; actionRunId: string | null; exercise: boolean },
): Promise<void> {
  await ctx.db
    .insertInto('playbooks.autonomyDrops')
    .values({ id: newId('drp'), ...row, at: ctx.now } as never)
    .onConflict((oc) => oc.doNothing())
    .execute();
}

export const dropOf = (db: Db, { action, target }: Approach, exercise: boolean): Promise<DropRow | undefined> =>
  db
    .selectFrom('playbooks.autonomyDrops')
    .selectAll()
    .where('action', '=', action)
    .where('target', '=', target)
    .where('exercise', '=', exercise)
    .where('restoredAt', 'is', null)
    .executeTakeFirst();
