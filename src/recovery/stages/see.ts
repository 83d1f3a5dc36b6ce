/** What a course of recovery has to look at now, and looking at it: goes to the network, writes nothing. */
import { addMs, type Ctx, evaluateCel } from '#kernel';
import { incidentById } from '#incidents';
import { contextOf, getUrl, judge, refresh, scopeOf } from '#playbooks';
import { type Sample, sampleOf, type Truth } from './model.ts';
import { type CheckPlan, targetsOf } from './plan.ts';
import {
  type AnalysisRow,
  analysesOf,
  type CourseRow,
  type SignoffRow,
  signoffsOf,
  type StageRow,
  stagesOf,
} from './store.ts';

export interface Seen {
  /** One sample per analysis that was due. */
  samples: { analysisId: string; sample: Sample; detail: string }[];
  /** Every condition asked for, with what it is. */
  truths: Map<string, { verdict: Truth; detail: string }>;
}

const HTTP_TIMEOUT_MS = 8_000;

/** Lanes as conditions see them: a signature given for recovery counts, and so does a lane that is blocked. */
export async function lanesSeen(
  ctx: Ctx,
  incidentId: string,
  signoffs: SignoffRow[],
): Promise<Record<string, { state: string }>> {
  const lanes = await ctx.db
    .selectFrom('incidents.lanes')
    .select(['lane', 'state'])
    .where('incidentId', '=', incidentId)
    .execute();
  const seen: Record<string, { state: string }> = Object.fromEntries(lanes.map(({ lane, state }) => [lane, { state }]));
  for (const lane of new Set(signoffs.map((one) => one.lane))) {
    if (seen[lane]?.state === 'blocked') continue;
    const own = signoffs.filter((one) => one.lane === lane);
    seen[lane] = { state: own.every((one) => one.state !== 'open') ? 'signed' : 'open' };
  }
  return seen;
}

/** Looks at everything that is due for a course. */
export async function see(ctx: Ctx, course: CourseRow): Promise<Seen> {
  const stages = await stagesOf(ctx.db, course.id);
  const stage = course.position === null ? undefined : stages[course.position];
  const due = stage && course.state === 'staging' ? await dueAnalyses(ctx, course, stage) : [];
  const conditions = conditionsNow(course, stage);
  const asked = new Set(due.map((one) => one.checkId));
  const checks = course.plan.checks.filter((one) => asked.has(one.id));
  const world = await worldOf(ctx, course, [
    ...conditions,
    ...checks.filter((one) => !one.sweep).flatMap((one) => (one.fail ? [one.pass, one.fail] : [one.pass])),
  ]);
  const truths = new Map<string, { verdict: Truth; detail: string }>();
  for (const condition of conditions) truths.set(condition, await world(condition));
  const samples = await Promise.all(
    due.map(async (analysis) => {
      const check = checks.find((one) => one.id === analysis.checkId);
      const taken = check
        ? await sampleAt(ctx, check, analysis.target, world)
        : { sample: 'error' as const, detail: 'no such check' };
      return { analysisId: analysis.id, ...taken };
    }),
  );
  return { samples, truths };
}

async function dueAnalyses(ctx: Ctx, course: CourseRow, stage: StageRow): Promise<AnalysisRow[]> {
  const part =
    stage.state === 'analysing' ? 'analysis' : stage.state === 'soaking' || stage.state === 'gate' ? 'soak' : null;
  if (!part) return [];
  const rows = await analysesOf(ctx.db, stage);
  return rows.filter((one) => one.part === part && one.state === 'running' && one.nextAt <= addMs(ctx.now, 250));
}

/** Conditions that decide whether the course may go on from where it stands. */
function conditionsNow({ plan, state, position }: CourseRow, stage: StageRow | undefined): string[] {
  if (state === 'prerequisites') return [...plan.prerequisites, ...dataChecksOf(plan, plan.stages[0]?.id)];
  if (state !== 'staging' || position === null || !stage) return [];
  if (['waiting', 'soaking', 'gate'].includes(stage.state)) return dataChecksOf(plan, stage.stageId);
  return [];
}
const dataChecksOf = (plan: CourseRow['plan'], stageId: string | undefined): string[] =>
  plan.dataChecks.filter((one) => stageId !== undefined && one.blocks.includes(stageId)).map((one) => one.pass);

type World = (expression: string) => Promise<{ verdict: Truth; detail: string }>;

/** Reads the probes that the conditions name, once, and gives back how to judge each. */
export async function worldOf(
  ctx: Ctx,
  course: Pick<CourseRow, 'id' | 'incidentId' | 'runId'>,
  conditions: string[],
): Promise<World> {
  const lane = await lanesSeen(ctx, course.incidentId, await signoffsOf(ctx.db, course.id));
  if (course.runId) {
    const scope = await scopeOf(ctx, course.runId);
    await refresh(ctx, scope, conditions);
    const context = await contextOf(ctx, scope, { lane });
    return async (expression) => {
      const { verdict, detail } = await judge(ctx, scope, expression, context);
      return { verdict, detail: detail ?? (verdict === 'false' ? `${expression} does not hold` : '') };
    };
  }
  const incident = await incidentById(ctx, course.incidentId);
  const context = {
    lane,
    phase: incident.phase,
    incident: { id: incident.id, key: incident.key, severity: incident.severity, phase: incident.phase },
  };
  return async (expression) => told(expression, context);
}

function told(expression: string, context: Record<string, unknown>): { verdict: Truth; detail: string } {
  const { value, error } = { error: '', ...evaluateCel(expression, context) };
  if (value === 'unknown') return { verdict: 'unknown', detail: error ?? '' };
  return { verdict: value ? 'true' : 'false', detail: value ? '' : `${expression} does not hold` };
}

async function sampleAt(
  ctx: Ctx,
  check: CheckPlan,
  target: string,
  world: World,
): Promise<{ sample: Sample; detail: string }> {
  try {
    const place = targetsOf(check).find((one) => one.target === target);
    if (!place) return { sample: 'error', detail: 'this place is not in the plan any more' };
    const ask = place.url ? await placeWorld(ctx, place.url, place) : world;
    const pass = await ask(check.pass);
    const fail = check.fail ? await ask(check.fail) : null;
    const sample = sampleOf(pass.verdict, fail?.verdict ?? null);
    return { sample, detail: sample === 'pass' ? '' : (pass.detail || fail?.detail || '').slice(0, 400) };
  } catch (error) {
    return { sample: 'error', detail: (error as Error).message.slice(0, 400) };
  }
}

/** Asks one endpoint of a sweep. No answer is no measurement: unknown. */
async function placeWorld(ctx: Ctx, url: string, place: { region: string; endpoint: string }): Promise<World> {
  const answer = await getUrl(ctx, url, HTTP_TIMEOUT_MS, 'recovery check');
  if ('error' in answer) return async () => ({ verdict: 'unknown', detail: answer.error });
  let body: unknown;
  try {
    body = JSON.parse(answer.text);
  } catch {
    body = answer.text;
  }
  const context = { status: answer.status, ms: answer.ms, body, region: place.region, endpoint: place.endpoint };
  return async (expression) => {
    const said = told(expression, context);
    return said.verdict === 'false' ? { ...said, detail: `answered ${answer.status} after ${answer.ms} ms` } : said;
  };
}
