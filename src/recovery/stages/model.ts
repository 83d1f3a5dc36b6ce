/** Recovery by stages as pure rules (domain.md 4.7): what samples mean, when a stage passes, what follows from a failure. */
import { canonicalJson, sha256hex } from '#kernel';
import type { AnalysisRule, StagePlan } from './plan.ts';

/** `error`: nothing could be measured. It is never counted as good. */
export type Sample = 'pass' | 'fail' | 'inconclusive' | 'error';
export type Truth = 'true' | 'false' | 'unknown';
export type AnalysisState = 'running' | 'passed' | 'failed' | 'inconclusive' | 'error';

export interface Tally {
  passes: number;
  fails: number;
  inconclusives: number;
  errors: number;
  errorsInRow: number;
}
export const NOTHING: Tally = { passes: 0, fails: 0, inconclusives: 0, errors: 0, errorsInRow: 0 };

/** What a measurement says: `pass` true, `fail` true, neither; or nothing, when it is unknown. Both true is a failure. */
export function sampleOf(pass: Truth, fail: Truth | null): Sample {
  if (fail === 'true') return 'fail';
  if (pass === 'unknown' || fail === 'unknown') return 'error';
  if (pass === 'true') return 'pass';
  // Without a condition for failing, what does not pass has failed.
  return fail === null ? 'fail' : 'inconclusive';
}

/** Counts one sample. Errors in a row end with the first measurement. */
export const count = (tally: Tally, sample: Sample): Tally => ({
  passes: tally.passes + (sample === 'pass' ? 1 : 0),
  fails: tally.fails + (sample === 'fail' ? 1 : 0),
  inconclusives: tally.inconclusives + (sample === 'inconclusive' ? 1 : 0),
  errors: tally.errors + (sample === 'error' ? 1 : 0),
  errorsInRow: sample === 'error' ? tally.errorsInRow + 1 : 0,
});

type Limits = Pick<AnalysisRule, 'count' | 'failureLimit' | 'inconclusiveLimit' | 'errorLimit'>;

/**
 * Whether a check has been decided. An error is no sample: it is taken again, so no data never adds up to a pass.
 * `endless`: while the stage soaks there is no last sample, only limits.
 */
export function decide(tally: Tally, rule: Limits, endless = false): AnalysisState {
  if (tally.fails > rule.failureLimit) return 'failed';
  if (tally.errorsInRow > rule.errorLimit) return 'error';
  if (tally.inconclusives > rule.inconclusiveLimit) return 'inconclusive';
  const taken = tally.passes + tally.fails + tally.inconclusives;
  return !endless && taken >= rule.count && tally.passes > 0 ? 'passed' : 'running';
}

/** What all checks of a stage come to: one that failed fails it, one that is unclear pauses it, all must pass. */
export function together(states: AnalysisState[]): AnalysisState {
  for (const worst of ['failed', 'error', 'inconclusive', 'running'] as const) if (states.includes(worst)) return worst;
  return 'passed';
}

export type StageState =
  | 'waiting'
  | 'shifting'
  | 'delaying'
  | 'analysing'
  | 'soaking'
  | 'gate'
  | 'passed'
  | 'failed'
  | 'undoing'
  | 'rolled_back';
export type CourseState = 'prerequisites' | 'staging' | 'paused' | 'rolling_back' | 'completed' | 'aborted';

export const isLive = (state: CourseState): boolean => state !== 'completed' && state !== 'aborted';

/**
 * What follows when a stage fails: the first time it is undone and the one before is looked at again; the second time, or
 * when what it did cannot be taken back, the course waits for a person.
 */
export function afterFailure(
  stage: { position: number; failures: number; noReturn: boolean },
  noReturnAt: number | null,
): { do: 'roll_back'; to: number } | { do: 'pause'; reason: string } {
  if (stage.noReturn)
    return { do: 'pause', reason: 'it is the point of no return: there is only a way forward, and a person finds it' };
  if (stage.failures >= 2) return { do: 'pause', reason: 'it failed a second time: the commander decides' };
  if (noReturnAt !== null && stage.position <= noReturnAt)
    return { do: 'pause', reason: 'the point of no return is passed: nothing before it is taken back' };
  return { do: 'roll_back', to: stage.position - 1 };
}

/** Recognises an approach that was tried before: same action, same target, same parameters. */
export function fingerprint(stage: Pick<StagePlan, 'shift' | 'id'>): { approach: string; target: string; key: string } {
  const { shift } = stage;
  const approach = shift?.action ?? (shift ? `by hand: ${shift.kind}` : 'look only');
  const place =
    shift?.with.target ?? shift?.with.route ?? shift?.with.backend ?? shift?.with.flag ?? shift?.kind ?? stage.id;
  const target = typeof place === 'string' ? place : JSON.stringify(place);
  const key = sha256hex(canonicalJson({ approach, target, to: shift?.to ?? null, with: shift?.with ?? {} })).slice(
    0,
    32,
  );
  return { approach, target, key };
}

/** `Step 2 of 4` as customers and the console read it: stages that are through, of all. */
export function progress(
  stages: { state: StageState }[],
  state: CourseState,
): { passed: number; total: number; share: number } {
  const total = stages.length;
  const passed = state === 'completed' ? total : stages.filter((one) => one.state === 'passed').length;
  return { passed, total, share: total === 0 ? 0 : Math.round((passed / total) * 100) };
}
