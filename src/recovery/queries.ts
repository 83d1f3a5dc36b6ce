/** Reads of recovery, for screens and for the modules above. */
import { type Ctx, secondsBetween } from '#kernel';
import { incidentById } from '#incidents';
import { counts, expectation, judge, staleAfterMs, type Verdict } from './model.ts';
import { obstacles } from './obstacles.ts';
import { criteriaOf, type CriterionRow, planOf } from './store.ts';

/** How many samples a screen shows per criterion. */
const HISTORY = 40;

/** The readiness of an incident as it is now; null when it has no plan. */
export async function recoveryOf(ctx: Ctx, incidentIdOrKey: string) {
  const incident = await incidentById(ctx, incidentIdOrKey);
  const plan = await planOf(ctx.db, incident.id);
  if (!plan) return null;
  const criteria = await criteriaOf(ctx.db, plan.id);
  const views = await criterionViews(ctx, criteria, plan.state === 'ended' ? null : staleAfterMs(plan.everySeconds));
  const seen = {
    state: plan.state === 'met' ? ('met' as const) : ('sampling' as const),
    cleanSince: plan.cleanSince,
    sampledAt: plan.sampledAt,
  };
  const standing = await obstacles(ctx, incident.id);
  const judged = judge(seen, [...views, ...standing], { ...plan, counting: counts(incident.phase) }, ctx.now);
  const soaked =
    judged.cleanSince && plan.state !== 'ended' ? Math.max(0, secondsBetween(judged.cleanSince, ctx.now)) : 0;
  return {
    id: plan.id,
    incidentId: plan.incidentId,
    state: plan.state,
    soakSeconds: plan.soakSeconds,
    everySeconds: plan.everySeconds,
    cleanSince: plan.cleanSince?.toISOString() ?? null,
    soakedSeconds: Math.min(soaked, plan.soakSeconds),
    remainingSeconds: judged.cleanSince ? Math.max(0, plan.soakSeconds - soaked) : null,
    metAt: plan.metAt?.toISOString() ?? null,
    restarts: plan.restarts,
    lastBreak: plan.lastBreak,
    reasons: plan.state === 'sampling' ? judged.reasons : [],
    criteria: views,
    obstacles: standing.map(({ name, detail }) => ({ name, detail })),
    exercise: plan.exercise,
  };
}

/** Criteria with their latest samples. A sample that is too old is shown as unknown, as it is judged. */
export async function criterionViews(ctx: Ctx, criteria: CriterionRow[], staleMs: number | null) {
  const history = await historyOf(
    ctx,
    criteria.map((one) => one.id),
  );
  return criteria.map((row) => {
    const stale = staleMs !== null && row.sampledAt !== null && ctx.now.getTime() - row.sampledAt.getTime() > staleMs;
    return {
      id: row.id,
      name: row.name,
      kind: row.kind,
      url: row.url,
      expects: row.kind === 'http' ? expectation(row) : row.expression!,
      source: row.source,
      verdict: stale ? ('unknown' as const) : row.verdict,
      detail: stale ? 'the last sample is too old' : row.detail,
      sampledAt: row.sampledAt?.toISOString() ?? null,
      changedAt: row.changedAt?.toISOString() ?? null,
      history: history.get(row.id) ?? [],
    };
  });
}

async function historyOf(ctx: Ctx, ids: string[]): Promise<Map<string, { at: string; verdict: Verdict }[]>> {
  const lists = await Promise.all(
    ids.map(async (id) => {
      const rows = await ctx.db
        .selectFrom('recovery.samples')
        .select(['at', 'verdict'])
        .where('criterionId', '=', id)
        .orderBy('at', 'desc')
        .limit(HISTORY)
        .execute();
      return [id, rows.reverse().map((row) => ({ at: row.at.toISOString(), verdict: row.verdict }))] as const;
    }),
  );
  return new Map(lists);
}
