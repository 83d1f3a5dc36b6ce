/**
 * What is suggested at triage: severity, service, playbook and known fix, each with its score and its reasons. Pure
 * arithmetic over what the catalogue, history, fingerprints and rules say; nothing here acts.
 */
import { bestFix } from './past.ts';
import { bestPlaybooks } from './plans.ts';
import { bestService } from './services.ts';
import { ALIKE, type Severity, type Situation, type Suggestion } from './situation.ts';

export * from './situation.ts';

/** What is less likely than this is not worth a person's look. */
const WORTH = 30;

/** Best first within its kind; the kinds in the order in which they are decided. */
export function suggest(situation: Situation): Suggestion[] {
  const severity = bySeverity(situation);
  const level = situation.severity ?? severity?.severity ?? 2;
  const found = [
    ...(severity && severity.suggestion ? [severity.suggestion] : []),
    ...bestService(situation),
    ...bestPlaybooks(situation, level),
    ...bestFix(situation),
  ];
  return found.map((one) => doubted(one, situation.refusals)).filter(({ score }) => score >= WORTH);
}

/** What people refused more often than they took it, of late, counts less each time. */
function doubted(one: Suggestion, refusals: ReadonlyMap<string, number>): Suggestion {
  const n = refusals.get(`${one.kind}:${one.value}`) ?? 0;
  if (n <= 0) return one;
  const why = `refused ${n === 1 ? 'once' : `${n} times`} more than taken in the last half year`;
  return { ...one, score: Math.round(one.score * 0.7 ** n), reasons: [...one.reasons, why] };
}

interface Vote {
  severity: Severity;
  weight: number;
  why: string;
}

/** Votes of rule, matrix, alert arithmetic, journeys and history; a tie goes to the worse, because severity is set high first. */
function bySeverity(situation: Situation): { severity: Severity; suggestion: Suggestion | null } | null {
  const votes = votesOf(situation);
  if (votes.length === 0) return null;
  const sums = new Map<Severity, number>();
  for (const { severity, weight } of votes) sums.set(severity, (sums.get(severity) ?? 0) + weight);
  const [best, sum] = [...sums].toSorted((a, b) => b[1] - a[1] || a[0] - b[0])[0]!;
  const total = votes.reduce((all, { weight }) => all + weight, 0);
  const byWeight = votes.toSorted((a, b) => b.weight - a.weight);
  const reasons = [
    ...byWeight.filter(({ severity }) => severity === best).map(({ why }) => why),
    ...byWeight.filter(({ severity }) => severity !== best).map(({ why, severity }) => `for SEV${severity}: ${why}`),
  ];
  // Lowering is argued by people: in an incident only a worse one is suggested.
  const shown = situation.severity === null || best < situation.severity;
  const score = Math.round((100 * sum) / total);
  return {
    severity: best,
    suggestion: shown
      ? { kind: 'severity', value: String(best), label: `SEV${best}`, score, reasons: reasons.slice(0, 5), detail: {} }
      : null,
  };
}

function votesOf({ byRule, byMatrix, byAlert, journeys, broken, services, past }: Situation): Vote[] {
  const votes: Vote[] = [];
  if (byRule) votes.push({ severity: byRule.severity, weight: 1.5, why: `rule “${byRule.rule}” says so` });
  if (byMatrix) votes.push({ severity: byMatrix.severity, weight: 1, why: byMatrix.because });
  if (byAlert) votes.push({ severity: byAlert.severity, weight: 0.5, why: byAlert.because });
  if (journeys.length > 0 && broken && byAlert) {
    // A journey that breaks is as bad as it gets; an error without proof of that one step less.
    const worst = Math.min(byAlert.severity, 2) as Severity;
    const names = services.map(({ name }) => name).join(', ');
    votes.push({ severity: worst, weight: 0.4, why: `${journeys.join(', ')} (tier 1) cannot work without ${names}` });
  }
  for (const one of past.filter(({ score }) => score >= ALIKE).slice(0, 3))
    votes.push({
      severity: one.severity,
      weight: 0.35 * one.score,
      why: `${one.key}, ${Math.round(100 * one.score)} % alike, was SEV${one.severity}`,
    });
  return votes;
}
