/** The soak clock as pure rules: any false or unknown sample restarts it (M49); nobody counts what was not measured. */

export type Verdict = 'true' | 'false' | 'unknown';

export interface Sampled {
  name: string;
  verdict: Verdict;
  detail: string;
}

export interface Soak {
  state: 'sampling' | 'met';
  /** Start of the present unbroken stretch of true samples. */
  cleanSince: Date | null;
  sampledAt: Date | null;
}

export interface Judgement {
  state: 'sampling' | 'met';
  cleanSince: Date | null;
  /** Why restored may not be declared; empty when it may. Stable between samples, so that nothing is announced twice. */
  reasons: string[];
  /** What ended a stretch that had begun. */
  broke: string | null;
}

/** Phases in which the soak counts: harm has stopped, so a green check speaks about the repaired service. */
export const counts = (phase: string): boolean =>
  phase === 'eradication' || phase === 'recovery' || phase === 'verification';

/** The next state after a round of samples at `now`. */
export function judge(
  soak: Soak,
  samples: Sampled[],
  rule: { soakSeconds: number; everySeconds: number; counting: boolean },
  now: Date,
): Judgement {
  const broken = (reasons: string[], why: string): Judgement => ({
    state: 'sampling',
    cleanSince: null,
    reasons,
    broke: soak.cleanSince ? why : null,
  });
  if (samples.length === 0) {
    const reason = 'No readiness criteria yet: start a playbook that has some, or add a check';
    return broken([reason], reason);
  }
  const bad = samples.filter((one) => one.verdict !== 'true');
  if (bad.length > 0) {
    const reasons = bad.map((one) => `${one.name} is ${one.verdict}${one.detail ? `: ${one.detail}` : ''}`);
    return broken(reasons, bad.map((one) => `${one.name} was ${one.verdict}`).join(', '));
  }
  if (!rule.counting)
    return broken(
      ['Everything is true; the soak begins once the incident is contained'],
      'the incident is not contained',
    );

  const gap = soak.sampledAt !== null && now.getTime() - soak.sampledAt.getTime() > staleAfterMs(rule.everySeconds);
  const cleanSince = soak.cleanSince && !gap ? soak.cleanSince : now;
  const broke = soak.cleanSince && gap ? 'no samples were taken for a while' : null;
  const soaked = now.getTime() - cleanSince.getTime();
  if (soaked >= rule.soakSeconds * 1000) return { state: 'met', cleanSince, reasons: [], broke };
  const at = cleanSince.toISOString().slice(0, 19).replace('T', ' ');
  return {
    state: 'sampling',
    cleanSince,
    reasons: [`Everything is true since ${at} UTC; the soak of ${say(rule.soakSeconds)} is not over`],
    broke,
  };
}

/** A longer silence than this is unknown, and unknown restarts the clock. */
export const staleAfterMs = (everySeconds: number): number => Math.max(30, 3 * everySeconds) * 1000;

/** When to sample next: every so often, and exactly when the soak would be over. */
export function nextSample(judged: Judgement, rule: { soakSeconds: number; everySeconds: number }, now: Date): Date {
  const regular = now.getTime() + rule.everySeconds * 1000;
  if (judged.state === 'met' || !judged.cleanSince) return new Date(regular);
  const over = judged.cleanSince.getTime() + rule.soakSeconds * 1000;
  return new Date(Math.max(now.getTime() + 500, Math.min(regular, over)));
}

/** A short soak is sampled more often, so that it is still looked at five times. */
export const everyFor = (soakSeconds: number, normal: number): number =>
  Math.max(1, Math.min(normal, Math.floor(soakSeconds / 5) || 1));

const say = (seconds: number): string =>
  seconds % 3600 === 0 && seconds > 0
    ? `${seconds / 3600} h`
    : seconds % 60 === 0
      ? `${seconds / 60} min`
      : `${seconds} s`;

export interface HttpExpectation {
  expectStatus: number | null;
  expectContains: string | null;
  expectJson: string | null;
}

/** What an HTTP criterion expects, in words. */
export function expectation({ expectStatus, expectContains, expectJson }: HttpExpectation): string {
  const parts = [expectStatus === null ? 'answers 2xx' : `answers ${expectStatus}`];
  if (expectContains) parts.push(`contains "${expectContains}"`);
  if (expectJson) parts.push(expectJson);
  return parts.join(', ');
}
