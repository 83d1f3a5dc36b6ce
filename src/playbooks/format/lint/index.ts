/** The lint rules PB02–PB20 (domain.md 3.3), each problem with its path; PB01 is the shape itself. Pure. */
import type { Playbook } from '../schema.ts';
import { expressions } from './conditions.ts';
import { drill, loops, raci, references, stages, uniqueIds } from './references.ts';
import { actions, degraded, facts, length, reviewDate, whole } from './safety.ts';
import type { LintProblem, Rule } from './say.ts';

export type { LintProblem } from './say.ts';

const RULES: Rule[] = [
  uniqueIds,
  references,
  expressions,
  raci,
  actions,
  degraded,
  whole,
  stages,
  drill,
  length,
  reviewDate,
  facts,
  loops,
];

/** Every problem the rules find in a playbook of the right shape. `today` is what PB18 counts from; without it that rule is silent. */
export function lint(playbook: Playbook, today: Date | null): LintProblem[] {
  const found: LintProblem[] = [];
  for (const rule of RULES)
    rule(
      playbook,
      (name, path, message, level = 'error') => void found.push({ rule: name, level, message, path }),
      today,
    );
  return found;
}
