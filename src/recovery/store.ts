/** Recovery plans, their criteria and samples, and the SQL that writes them. */
import { type Ctx, type Db, type Generated, type Instant, newId, type Selectable, sql, type StampedAt } from '#kernel';
import type { HttpExpectation, Judgement, Verdict } from './model.ts';

interface PlansTable {
  id: string;
  incidentId: string;
  soakSeconds: number;
  everySeconds: number;
  state: 'sampling' | 'met' | 'ended';
  cleanSince: Instant | null;
  sampledAt: Instant | null;
  metAt: Instant | null;
  restarts: Generated<number>;
  lastBreak: string | null;
  createdAt: StampedAt;
  endedAt: Instant | null;
  exercise: boolean;
}
interface CriteriaTable {
  id: string;
  planId: string;
  position: number;
  name: string;
  kind: 'http' | 'expression';
  runId: string | null;
  url: string | null;
  expectStatus: number | null;
  expectContains: string | null;
  expectJson: string | null;
  expression: string | null;
  source: 'playbook' | 'person';
  addedBy: string | null;
  addedAt: StampedAt;
  removedAt: Instant | null;
  removedBy: string | null;
  removedReason: string | null;
  verdict: Generated<Verdict>;
  detail: Generated<string>;
  sampledAt: Instant | null;
  changedAt: Instant | null;
  exercise: boolean;
}
interface SamplesTable {
  id: Generated<number>;
  criterionId: string;
  at: Instant;
  verdict: Verdict;
  detail: string;
  exercise: boolean;
}
declare module '#kernel' {
  interface Database {
    'recovery.plans': PlansTable;
    'recovery.criteria': CriteriaTable;
    'recovery.samples': SamplesTable;
  }
}
export type PlanRow = Selectable<PlansTable>;
export type CriterionRow = Selectable<CriteriaTable>;

export const planOf = (db: Db, incidentId: string): Promise<PlanRow | undefined> =>
  db.selectFrom('recovery.plans').selectAll().where('incidentId', '=', incidentId).executeTakeFirst();

export const planById = (db: Db, id: string): Promise<PlanRow | undefined> =>
  db.selectFrom('recovery.plans').selectAll().where('id', '=', id).executeTakeFirst();

export const lockPlan = (db: Db, id: string): Promise<PlanRow | undefined> =>
  db.selectFrom('recovery.plans').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();

/** Makes an incident's plan; undefined when it has one. */
export const insertPlan = (
  ctx: Ctx,
  row: Pick<PlanRow, 'incidentId' | 'soakSeconds' | 'everySeconds' | 'exercise'>,
): Promise<PlanRow | undefined> =>
  ctx.db
    .insertInto('recovery.plans')
    .values({ id: newId('rcp'), ...row, state: 'sampling', createdAt: ctx.now } as never)
    .onConflict((oc) => oc.column('incidentId').doNothing())
    .returningAll()
    .executeTakeFirst();

export const savePlan = (
  ctx: Ctx,
  id: string,
  change: Partial<
    Pick<PlanRow, 'soakSeconds' | 'everySeconds' | 'state' | 'cleanSince' | 'metAt' | 'endedAt' | 'sampledAt'>
  >,
): Promise<PlanRow> =>
  ctx.db.updateTable('recovery.plans').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow();

/** Writes a judgement: the clock, the state, and a broken stretch as a restart with its cause. */
export const saveJudgement = (ctx: Ctx, plan: PlanRow, judged: Judgement): Promise<PlanRow> =>
  ctx.db
    .updateTable('recovery.plans')
    .set((eb) => ({
      state: judged.state,
      cleanSince: judged.cleanSince,
      metAt: judged.state === 'met' ? (plan.metAt ?? ctx.now) : null,
      ...(judged.broke && { restarts: eb('restarts', '+', 1), lastBreak: judged.broke }),
    }))
    .where('id', '=', plan.id)
    .returningAll()
    .executeTakeFirstOrThrow();

/** Criteria in force, in their order. */
export const criteriaOf = (db: Db, planId: string): Promise<CriterionRow[]> =>
  db
    .selectFrom('recovery.criteria')
    .selectAll()
    .where('planId', '=', planId)
    .where('removedAt', 'is', null)
    .orderBy('position')
    .execute();

export const lockCriterion = (db: Db, id: string): Promise<CriterionRow | undefined> =>
  db
    .selectFrom('recovery.criteria')
    .selectAll()
    .where('id', '=', id)
    .where('removedAt', 'is', null)
    .forUpdate()
    .executeTakeFirst();

type NewCriterion = Pick<CriterionRow, 'name' | 'kind' | 'runId' | 'url' | 'expression' | 'source' | 'addedBy'> &
  HttpExpectation;

export async function insertCriterion(ctx: Ctx, plan: PlanRow, criterion: NewCriterion): Promise<CriterionRow> {
  const { rows } = await sql<{
    n: number;
  }>`select count(*)::int as n from recovery.criteria where plan_id = ${plan.id}`.execute(ctx.db);
  return ctx.db
    .insertInto('recovery.criteria')
    .values({
      id: newId('rcc'),
      planId: plan.id,
      position: rows[0]?.n ?? 0,
      ...criterion,
      addedAt: ctx.now,
      exercise: plan.exercise,
    } as never)
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function dropCriterion(ctx: Ctx, id: string, reason: string): Promise<void> {
  await ctx.db
    .updateTable('recovery.criteria')
    .set({ removedAt: ctx.now, removedBy: ctx.actor.id, removedReason: reason })
    .where('id', '=', id)
    .execute();
}

/** Keeps a round of samples: measurements, not decisions, so no command. What follows from them is one. Two statements, however many. */
export async function keepSamples(
  ctx: Ctx,
  plan: PlanRow,
  round: { criterion: CriterionRow; verdict: Verdict; detail: string }[],
): Promise<void> {
  if (round.length === 0) return;
  const ids = round.map(({ criterion }) => criterion.id);
  const verdicts = round.map(({ verdict }) => verdict);
  const details = round.map(({ detail }) => detail);
  await sql`
    update recovery.criteria as c
       set changed_at = case when c.verdict = s.verdict and c.changed_at is not null then c.changed_at else ${ctx.now} end,
           verdict = s.verdict, detail = s.detail, sampled_at = ${ctx.now}
      from unnest(${ids}::text[], ${verdicts}::text[], ${details}::text[]) as s (id, verdict, detail)
     where c.id = s.id`.execute(ctx.db);
  await sql`
    insert into recovery.samples (criterion_id, at, verdict, detail, exercise)
    select s.id, ${ctx.now}, s.verdict, s.detail, ${plan.exercise}
      from unnest(${ids}::text[], ${verdicts}::text[], ${details}::text[]) as s (id, verdict, detail)`.execute(ctx.db);
}
