/** Containment of an incident as the war room shows it: runs with their steps, free actions, freezes, and what the reader may do. */
import { type Ctx, evaluateCel, secondsBetween } from '#kernel';
import { may, personRefs } from '#security';
import { actionsOf } from '../actions/store.ts';
import { actionViews } from '../actions/view.ts';
import { tokensOf } from '../authority.ts';
import { incidentFacts } from '../incident.ts';
import { contextOf, type Scope } from '../probes/observe.ts';
import { runsOf } from '../queries.ts';
import { overridesOf } from '../overrides/store.ts';
import { overrideViews } from '../overrides/view.ts';
import { currentPause } from '../safeguards/store.ts';
import { freezeViews } from '../safeguards/view.ts';
import { type StepRow, stepsOfRun } from '../store.ts';
import { nextStep, stepOf, titleOf } from './model.ts';
import { timeboxOf } from './timebox.ts';

type ActionView = Awaited<ReturnType<typeof actionViews>>[number];

export async function containmentView(ctx: Ctx, incidentIdOrKey: string) {
  const incident = await incidentFacts(ctx, incidentIdOrKey);
  const actions = await actionViews(ctx, await actionsOf(ctx.db, incident.id));
  const runs = await Promise.all(
    (await runsOf(ctx, incident.id)).map(({ run, version }) =>
      runView(ctx, { run, playbook: version.parsed, incident }, version.playbookId, actions),
    ),
  );
  const pause = await currentPause(ctx.db);
  const tokens = await tokensOf(ctx, incident.id);
  const propose = incident.active && may(ctx.actor, 'playbooks.proposeStep');
  return {
    runs,
    actions: actions.filter((one) => one.runId === null),
    freezes: await freezeViews(ctx, { incidentId: incident.id }),
    overrides: await overrideViews(ctx, await overridesOf(ctx.db, incident.id)),
    paused: pause
      ? {
          reason: pause.reason,
          by: pause.pausedByName,
          at: pause.pausedAt.toISOString(),
        }
      : null,
    may: {
      propose,
      liftFreeze: tokens.has('lift_freeze'),
      undo: propose && tokens.has('approve_reversible'),
    },
  };
}

async function runView(ctx: Ctx, scope: Scope, playbookId: string, actions: ActionView[]) {
  const { run, playbook } = scope;
  const steps = await stepsOfRun(ctx.db, run.id);
  const people = await personRefs(ctx, [run.startedBy, ...steps.map((step) => step.doneBy)]);
  const name = (id: string) => people.get(id) ?? { id, name: id.startsWith('system:') ? 'Evenkeel' : id };
  const context = steps.some((step) => step.kind === 'decision') ? await contextOf(ctx, scope) : {};
  return {
    id: run.id,
    incidentId: run.incidentId,
    playbookId,
    versionId: run.versionId,
    title: playbook.metadata.title,
    version: playbook.metadata.version,
    state: run.state,
    startedBy: name(run.startedBy),
    startedAt: run.startedAt.toISOString(),
    endedAt: run.endedAt?.toISOString() ?? null,
    control: run.control,
    nextStepId: run.state === 'active' ? (nextStep(steps)?.id ?? null) : null,
    steps: steps.map((row) =>
      stepView(ctx, scope, row, context, name, actions.filter((one) => one.stepRunId === row.id).at(-1) ?? null),
    ),
    exercise: run.exercise,
  };
}

function stepView(
  ctx: Ctx,
  { playbook }: Scope,
  row: StepRow,
  context: Record<string, unknown>,
  name: (id: string) => { id: string; name: string },
  action: ActionView | null,
) {
  const step = stepOf(playbook, row.stepId);
  const timebox = timeboxOf(playbook, step)?.seconds ?? null;
  const decision =
    step.type === 'decision' ? playbook.spec.decisions.find((one) => one.id === step.decision) : undefined;
  return {
    id: row.id,
    stepId: row.stepId,
    block: row.block,
    kind: row.kind,
    title: titleOf(playbook, step),
    text:
      step.type === 'manual'
        ? step.text
        : step.type === 'action'
          ? (step.manual ?? null)
          : 'text' in step && typeof step.text === 'string'
            ? step.text
            : null,
    role: step.type === 'manual' ? (step.role ?? null) : (decision?.owner ?? null),
    timeboxSeconds: timebox,
    overTimebox:
      timebox !== null &&
      row.startedAt !== null &&
      row.endedAt === null &&
      secondsBetween(row.startedAt, ctx.now) > timebox,
    evidenceRequired: step.type === 'manual' && step.evidence === 'required',
    options: Object.entries(decision?.options ?? {}).map(([id, { when }]) => ({
      id,
      when: when ?? null,
      holds: holds(when, context),
    })),
    marks: step.type === 'check' ? (step.marks ?? null) : null,
    state: row.state,
    note: row.note,
    choice: row.choice,
    doneBy: row.doneBy ? name(row.doneBy) : null,
    startedAt: row.startedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
    check:
      step.type === 'check'
        ? {
            expr: step.expr,
            verdict: row.observed?.verdict ?? ('unknown' as const),
            detail: row.observed?.detail ?? (row.observed ? null : 'not taken yet'),
            at: row.observed?.at ?? null,
            readings: row.observed?.readings ?? [],
          }
        : null,
    action,
  };
}

function holds(when: string | undefined, context: Record<string, unknown>): 'true' | 'false' | 'unknown' {
  if (!when) return 'unknown';
  const { value } = evaluateCel(when, context);
  return value === 'unknown' ? 'unknown' : value ? 'true' : 'false';
}
