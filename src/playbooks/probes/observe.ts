/** Fresh readings and the data that conditions see (domain.md 3.1). Reading goes out to the network; judging does not. */
import { type CelResult, type Ctx, celPaths, evaluateCel, notFound } from '#kernel';
import { simulationsOf } from '../actions/simulation.ts';
import { allFlags } from '../flags/store.ts';
import { seconds } from '../format/outline.ts';
import type { Playbook, ProbeSpec } from '../format/schema.ts';
import { fillText } from '../format/template.ts';
import { type IncidentFacts, incidentFacts } from '../incident.ts';
import type { Reading } from '../runs/model.ts';
import { openFreezes } from '../safeguards/store.ts';
import { type RunRow, runById, stepsOfRun, versionById } from '../store.ts';
import { type Measured, measureHttp } from './http.ts';
import { keepSample, type SampleRow, samplesOf } from './store.ts';

/** A run with everything its conditions may refer to. */
export interface Scope {
  run: RunRow;
  playbook: Playbook;
  incident: IncidentFacts;
}

/** A run by id with its pinned playbook. Throws 404. */
export async function scopeOf(ctx: Ctx, runId: string): Promise<Scope> {
  const run = await runById(ctx.db, runId);
  if (!run) throw notFound('Run', runId);
  const version = await versionById(ctx.db, run.versionId);
  return {
    run,
    playbook: version.parsed,
    incident: await incidentFacts(ctx, run.incidentId),
  };
}

/** What `${{ … }}` may name. */
export const templateData = ({ run, incident }: Pick<Scope, 'run' | 'incident'>): Record<string, unknown> => ({
  inputs: run.inputs,
  incident: { id: incident.id, key: incident.key, severity: incident.severity },
});

/**
 * Reads every probe named in the conditions whose last reading is older than its `every`. Never inside a transaction.
 * In a drill an injected value wins; otherwise a drill reads too, since a GET changes nothing.
 */
export async function refresh(ctx: Ctx, scope: Scope, expressions: string[]): Promise<void> {
  const known = new Map((await samplesOf(ctx.db, scope.run.id)).map((sample) => [sample.probeId, sample]));
  const due = namedProbes(expressions).filter((id) => {
    const spec = probeOf(scope.playbook, id);
    const sample = known.get(id);
    if (!spec || sample?.injected) return false;
    return !sample || ageSeconds(ctx, sample) >= seconds(spec.every) || !sample.ok;
  });
  await Promise.all(
    due.map(async (probeId) => {
      const measured = await measure(ctx, scope, probeOf(scope.playbook, probeId)!);
      const value = measured.ok ? measured.value : null;
      const error = measured.ok ? null : measured.error;
      await keepSample(ctx, {
        runId: scope.run.id,
        probeId,
        ok: measured.ok,
        value,
        error,
        exercise: scope.run.exercise,
      });
    }),
  );
}

async function measure(ctx: Ctx, scope: Scope, spec: ProbeSpec): Promise<Measured> {
  if (spec.provider === 'http' && spec.target) {
    const url = fillText(spec.target, templateData(scope));
    return measureHttp(ctx, spec, url, Math.min(30, seconds(spec.timeout)) * 1000);
  }
  if (spec.provider === 'flag' && spec.ref) {
    const variant = (await flagVariants(ctx, scope))[spec.ref];
    return variant === undefined ? { ok: false, error: `there is no flag ${spec.ref}` } : { ok: true, value: variant };
  }
  return {
    ok: false,
    error: `probes of provider ${spec.provider} are not connected`,
  };
}

const probeOf = (playbook: Playbook, id: string): ProbeSpec | undefined =>
  Object.hasOwn(playbook.spec.probes, id) ? playbook.spec.probes[id] : undefined;

/** Ids of the probes that conditions name. */
export function namedProbes(expressions: string[]): string[] {
  const ids = expressions.flatMap(celPaths).flatMap(([root, id]) => (root === 'probe' && id ? [id] : []));
  return [...new Set(ids)];
}

const ageSeconds = (ctx: Ctx, sample: SampleRow): number => (ctx.now.getTime() - sample.at.getTime()) / 1000;

/** The data that conditions see, from stored readings. Older than 3 × `every` is stale, and stale is unknown. */
export async function contextOf(
  ctx: Ctx,
  scope: Scope,
  extra: Record<string, unknown> = {},
): Promise<Record<string, unknown>> {
  const { run, playbook, incident } = scope;
  const [samples, steps, flag, freezes] = await Promise.all([
    samplesOf(ctx.db, run.id),
    stepsOfRun(ctx.db, run.id),
    flagVariants(ctx, scope),
    openFreezes(ctx, { incidentId: incident.id }),
  ]);
  const probe: Record<string, unknown> = {};
  for (const sample of samples) {
    const spec = probeOf(playbook, sample.probeId);
    if (!spec) continue;
    const age = ageSeconds(ctx, sample);
    const stale = !sample.ok || (!sample.injected && age > 3 * seconds(spec.every));
    const held = typeof sample.value === 'boolean' || typeof sample.value === 'string';
    const forSeconds = held ? { for_s: (ctx.now.getTime() - sample.since.getTime()) / 1000 } : {};
    probe[sample.probeId] = {
      value: sample.ok ? sample.value : undefined,
      ok: sample.ok,
      age_s: age,
      stale,
      ...forSeconds,
    };
  }
  const minutes = (ctx.now.getTime() - incident.declaredAt.getTime()) / 60_000;
  return {
    probe,
    flag,
    inputs: run.inputs,
    phase: incident.phase,
    elapsed_m: minutes,
    incident: {
      id: incident.id,
      key: incident.key,
      severity: incident.severity,
      phase: incident.phase,
      age_m: minutes,
    },
    decision: Object.fromEntries(
      steps.filter((step) => step.choice !== null).map((step) => [decisionOf(playbook, step.stepId), step.choice]),
    ),
    freeze: { active: freezes.length > 0 },
    // Overrides of guards do not exist yet, so there is truly none.
    overrides: { active: [] },
    ...extra,
  };
}

function decisionOf(playbook: Playbook, stepId: string): string {
  const step = [...playbook.spec.containment, ...playbook.spec.eradication].find((one) => one.id === stepId);
  return step?.type === 'decision' ? step.decision : stepId;
}

/** Which variant each flag serves; in a drill, what the simulator says it serves. */
async function flagVariants(ctx: Ctx, scope: Scope): Promise<Record<string, string>> {
  const real = Object.fromEntries((await allFlags(ctx.db)).map((flag) => [flag.key, flag.variant]));
  if (!scope.incident.exercise) return real;
  const simulated = await simulationsOf(ctx.db, scope.incident.id, 'flag');
  return {
    ...real,
    ...Object.fromEntries(simulated.map((one) => [one.target, String(one.state.variant)])),
  };
}

/** Judges a condition and says in words what it rests on. */
export async function judge(
  ctx: Ctx,
  scope: Scope,
  expression: string,
  context: Record<string, unknown>,
): Promise<{
  verdict: 'true' | 'false' | 'unknown';
  detail: string | null;
  readings: Reading[];
}> {
  const result: CelResult = evaluateCel(expression, context);
  const names = namedProbes([expression]);
  const readings = (await samplesOf(ctx.db, scope.run.id))
    .filter((sample) => names.includes(sample.probeId))
    .map((sample) => ({
      probe: sample.probeId,
      value: sample.ok ? sample.value : null,
      ok: sample.ok,
      at: sample.at.toISOString(),
      error: sample.error,
    }));
  const failed = readings.filter((one) => one.error).map((one) => `${one.probe}: ${one.error}`);
  const detail = result.value === 'unknown' ? [failed.join('; ') || result.error].join('') : null;
  return {
    verdict: result.value === 'unknown' ? 'unknown' : result.value ? 'true' : 'false',
    detail,
    readings,
  };
}
