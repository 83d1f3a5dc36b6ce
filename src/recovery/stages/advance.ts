/** One step of a course of recovery: draws the consequences of what was seen. Runs in the transaction of its command. */
import { addMs, type Ctx } from '#kernel';
import { completeRecovery, incidentById } from '#incidents';
import { automationPause } from '#playbooks';
import { failStage, rollBack } from './back.ts';
import { count, decide, fingerprint, together } from './model.ts';
import { targetsOf } from './plan.ts';
import { announce, hold, pause, say, titleOf } from './say.ts';
import type { Seen } from './see.ts';
import { actionOf } from './shift.ts';
import {
  acknowledged,
  type AnalysisRow,
  analysesOf,
  type CourseRow,
  failuresOf,
  openAnalyses,
  saveAnalysis,
  saveCourse,
  saveStage,
  signoffsOf,
  type StageRow,
} from './store.ts';

export interface Standing {
  course: CourseRow;
  stages: StageRow[];
  seen: Seen;
}

/** Takes the course one step on. What it waits for is written into `holds`, in words. */
export async function advance(ctx: Ctx, standing: Standing): Promise<void> {
  const { course } = standing;
  const incident = await incidentById(ctx, course.incidentId);
  if (!incident.active)
    return void (await saveCourse(ctx, course.id, { state: 'aborted', endedAt: ctx.now, holds: [] }));
  if (course.state === 'rolling_back') return rollBack(ctx, standing);
  if (course.state === 'prerequisites') return begin(ctx, standing, incident.phase);
  if (course.state !== 'staging') return;
  if (incident.phase !== 'recovery') return pause(ctx, course, `${incident.key} went to ${incident.phase}`);
  const stage = standing.stages[course.position!]!;
  await ofStage(ctx, standing, stage);
}

async function ofStage(ctx: Ctx, standing: Standing, stage: StageRow): Promise<void> {
  switch (stage.state) {
    case 'waiting':
      return enter(ctx, standing, stage);
    case 'shifting':
      return shifting(ctx, standing, stage);
    case 'delaying':
      return delaying(ctx, standing, stage);
    case 'analysing':
      return analysing(ctx, standing, stage);
    case 'soaking':
    case 'gate':
      return soaking(ctx, standing, stage);
    default:
      return hold(ctx, standing.course, [`stage ${stage.stageId} is ${stage.state}`]);
  }
}

/** Every condition of the list that is not true, in words. */
function untrue(seen: Seen, conditions: { name: string; pass: string }[]): string[] {
  return conditions.flatMap(({ name, pass }) => {
    const { verdict, detail } = seen.truths.get(pass) ?? { verdict: 'unknown' as const, detail: 'not measured yet' };
    return verdict === 'true' ? [] : [`${name} is ${verdict}${detail ? `: ${detail}` : ''}`];
  });
}

async function begin(ctx: Ctx, { course, stages, seen }: Standing, phase: string): Promise<void> {
  const holds = untrue(
    seen,
    course.plan.prerequisites.map((pass) => ({ name: pass, pass })),
  );
  if (phase !== 'recovery') holds.unshift(`The incident is in ${phase}: recovery begins once its cause is removed`);
  const pauseNow = await automationPause(ctx);
  if (pauseNow) holds.push(`Automation is paused: ${pauseNow}`);
  if (holds.length > 0) return hold(ctx, course, holds);
  const first = stages[0]!;
  const next = await saveCourse(ctx, course.id, { state: 'staging', position: 0, holds: [], steppedAt: ctx.now });
  await enter(ctx, { course: next, stages, seen }, await saveStage(ctx, first.id, { state: 'waiting' }));
}

/** What keeps a stage from beginning: its data checks, sign-offs before the last one, and what failed here before. */
async function entryHolds(ctx: Ctx, { course, stages, seen }: Standing, stage: StageRow): Promise<string[]> {
  const holds = untrue(seen, checksFor(course, stage));
  if (stage.position === stages.length - 1) holds.push(...(await unsigned(ctx, course)));
  const { key } = fingerprint(course.plan.stages[stage.position]!);
  const [known] = course.plan.stages[stage.position]!.shift ? await failuresOf(ctx, [key], course.exercise) : [];
  if (known && !(await acknowledged(ctx.db, course.id)).has(known.id))
    holds.push(`This was tried before and failed (${known.symptom}): somebody must acknowledge it`);
  const pauseNow = await automationPause(ctx);
  if (pauseNow) holds.push(`Automation is paused: ${pauseNow}`);
  return holds;
}

const checksFor = (course: CourseRow, stage: StageRow) =>
  course.plan.dataChecks
    .filter((one) => one.blocks.includes(stage.stageId))
    .map((one) => ({ name: one.title, pass: one.pass }));

const unsigned = async (ctx: Ctx, course: CourseRow): Promise<string[]> =>
  (await signoffsOf(ctx.db, course.id))
    .filter((one) => one.state === 'open')
    .map(
      (one) => `${one.lane} has not signed "${one.of.replaceAll('_', ' ')}"${one.reopened ? ` (${one.reopened})` : ''}`,
    );

async function enter(ctx: Ctx, standing: Standing, stage: StageRow): Promise<void> {
  const { course } = standing;
  const holds = await entryHolds(ctx, standing, stage);
  if (holds.length > 0) {
    if (course.holds.length === 0 || course.holds[0] !== holds[0])
      await say(ctx, course, stage, `${titleOf(course, stage)} is held back: ${holds.join('; ')}`);
    return hold(ctx, course, holds);
  }
  const { shift } = course.plan.stages[stage.position]!;
  const entered = { attempt: stage.attempt + 1, enteredAt: ctx.now, gateAt: null, gateBy: null, gateByName: null };
  if (shift) {
    await saveStage(ctx, stage.id, { ...entered, state: 'shifting', actionRunId: null, shiftedBy: null, until: null });
    await hold(ctx, course, shift.action ? [] : [byHand(shift)]);
  } else await startDelay(ctx, course, await saveStage(ctx, stage.id, { ...entered, state: 'delaying' }));
  await say(
    ctx,
    course,
    stage,
    `${titleOf(course, stage)}: begins (step ${stage.position + 1} of ${standing.stages.length})`,
  );
  await announce(ctx, course, stage, 'entered');
}

export const byHand = (shift: { kind: string; to: string; manual: string | null }): string =>
  `Somebody does it by hand: ${shift.manual ?? `${shift.kind.replaceAll('_', ' ')} to ${shift.to}`}`;

export async function startDelay(ctx: Ctx, course: CourseRow, stage: StageRow): Promise<void> {
  const { delaySeconds } = course.plan.stages[stage.position]!.analysis;
  await saveStage(ctx, stage.id, { state: 'delaying', until: addMs(ctx.now, delaySeconds * 1000) });
  await hold(ctx, course, []);
}

/** Waits for the action that shifts; accepted by a target is not enough, it must be effective. */
async function shifting(ctx: Ctx, { course }: Standing, stage: StageRow): Promise<void> {
  const { shift } = course.plan.stages[stage.position]!;
  if (!shift?.action) return;
  const action = stage.actionRunId ? await actionOf(ctx, stage.actionRunId) : undefined;
  if (!action) return hold(ctx, course, []);
  if (action.state === 'effective') return startDelay(ctx, course, stage);
  if (action.state === 'awaiting_approval') return hold(ctx, course, [`${action.title} waits for approval`]);
  if (
    ['refused', 'cancelled', 'expired', 'failed', 'needs_human', 'undone', 'vetoed', 'aborted'].includes(action.state)
  )
    return pause(
      ctx,
      course,
      `${action.title} is ${action.state.replaceAll('_', ' ')}${action.why ? `: ${action.why}` : ''}`,
    );
  return hold(ctx, course, []);
}

async function delaying(ctx: Ctx, { course }: Standing, stage: StageRow): Promise<void> {
  if (stage.until && stage.until > ctx.now) return hold(ctx, course, []);
  await openAnalyses(ctx, stage, 'analysis', placesOf(course));
  await saveStage(ctx, stage.id, { state: 'analysing', until: null });
  await hold(ctx, course, []);
}

const placesOf = (course: CourseRow) =>
  course.plan.checks.flatMap((check) => targetsOf(check).map(({ target }) => ({ checkId: check.id, target })));

async function analysing(ctx: Ctx, standing: Standing, stage: StageRow): Promise<void> {
  const { course } = standing;
  const rows = await countSamples(ctx, standing, stage, 'analysis');
  const verdict = together(rows.map((one) => one.state));
  if (verdict === 'failed') return failStage(ctx, standing, stage, symptomOf(course, rows));
  if (verdict === 'inconclusive' || verdict === 'error') return pause(ctx, course, symptomOf(course, rows));
  if (verdict === 'running') return hold(ctx, course, []);
  const { soakSeconds } = course.plan.stages[stage.position]!;
  await openAnalyses(ctx, stage, 'soak', placesOf(course));
  await saveStage(ctx, stage.id, { state: 'soaking', until: addMs(ctx.now, soakSeconds * 1000) });
  await hold(ctx, course, []);
  await announce(ctx, course, stage, 'soaking');
}

/** The checks that decided, in words. */
function symptomOf(course: CourseRow, rows: AnalysisRow[]): string {
  const bad = rows.filter((one) => one.state !== 'passed' && one.state !== 'running');
  return bad
    .map((one) => {
      const check = course.plan.checks.find(({ id }) => id === one.checkId)!;
      const where = one.target ? ` at ${one.target}` : '';
      const word = one.state === 'failed' ? 'failed' : one.state === 'error' ? 'could not be measured' : 'is unclear';
      return `${check.title}${where} ${word}${one.lastDetail ? ` (${one.lastDetail})` : ''}`;
    })
    .join('; ');
}

/** Counts the samples taken into their analyses, and says when each is looked at next. */
async function countSamples(
  ctx: Ctx,
  { course, seen }: Standing,
  stage: StageRow,
  part: AnalysisRow['part'],
): Promise<AnalysisRow[]> {
  const rule = course.plan.stages[stage.position]!.analysis;
  const rows = (await analysesOf(ctx.db, stage)).filter((one) => one.part === part);
  const after: AnalysisRow[] = [];
  for (const row of rows) {
    const taken = seen.samples.find((one) => one.analysisId === row.id);
    // Taken twice by two workers in the same moment: the first counts.
    if (!taken || row.state !== 'running' || row.nextAt > addMs(ctx.now, 250)) {
      after.push(row);
      continue;
    }
    const tally = count(row, taken.sample);
    const change = {
      ...tally,
      state: decide(tally, rule, part === 'soak'),
      nextAt: addMs(ctx.now, rule.intervalSeconds * 1000),
      lastAt: ctx.now,
      lastSample: taken.sample,
      lastDetail: taken.detail,
    };
    await saveAnalysis(ctx, row.id, change);
    after.push({ ...row, ...change });
  }
  return after;
}

async function soaking(ctx: Ctx, standing: Standing, stage: StageRow): Promise<void> {
  const { course, stages, seen } = standing;
  const rows = await countSamples(ctx, standing, stage, 'soak');
  const verdict = together(rows.map((one) => one.state));
  if (verdict === 'failed') return failStage(ctx, standing, stage, symptomOf(course, rows));
  if (verdict === 'inconclusive' || verdict === 'error') return pause(ctx, course, symptomOf(course, rows));
  if (stage.until && stage.until > ctx.now) return hold(ctx, course, []);
  const holds = untrue(seen, checksFor(course, stage));
  if (stage.position === stages.length - 1) holds.push(...(await unsigned(ctx, course)));
  // The end of a soak must have been looked at: no sample in it is no proof.
  if (rows.some((one) => one.passes === 0)) holds.push('Nothing was measured during the soak yet');
  if (holds.length > 0) return hold(ctx, course, holds);
  const { gate } = course.plan.stages[stage.position]!;
  if (gate && !stage.gateAt) {
    if (stage.state !== 'gate') {
      await saveStage(ctx, stage.id, { state: 'gate' });
      await say(ctx, course, stage, `${titleOf(course, stage)}: holds; waits for ${gate.replaceAll('_', ' ')}`);
      await announce(ctx, course, stage, 'gate');
    }
    return hold(ctx, course, [`Waits for ${gate.replaceAll('_', ' ')} to let it go on`]);
  }
  await pass(ctx, standing, stage);
}

async function pass(ctx: Ctx, { course, stages }: Standing, stage: StageRow): Promise<void> {
  const { noReturn } = course.plan.stages[stage.position]!;
  await saveStage(ctx, stage.id, { state: 'passed', passedAt: ctx.now, until: null, symptom: null });
  await say(ctx, course, stage, `${titleOf(course, stage)}: passed`);
  const last = stage.position === stages.length - 1;
  const after = await saveCourse(ctx, course.id, {
    holds: [],
    steppedAt: ctx.now,
    ...(noReturn && !course.noReturnAt && { noReturnAt: ctx.now }),
    ...(last ? { state: 'completed', endedAt: ctx.now } : { position: stage.position + 1 }),
  });
  if (!last) await saveStage(ctx, stages[stage.position + 1]!.id, { state: 'waiting' });
  await announce(ctx, after, stage, 'passed');
  if (!last) return;
  const note = `${stages.length === 1 ? 'The stage' : `All ${stages.length} stages`} of "${course.title}" passed`;
  await completeRecovery(ctx, { incidentId: course.incidentId, note });
}
