/** Admission: gathers the facts, decides by the sixteen ordered checks, and says under which policy (domain.md 4.2). */
import type { Ctx } from '#kernel';
import { type Admission, admit } from './checks.ts';
import { type Candidate, gatherFacts } from './facts.ts';

export { type Admission, admit, type CheckResult, type Facts } from './checks.ts';
export type { Candidate } from './facts.ts';
export { FORCEABLE, RULES } from './rules.ts';

/** Decides about a candidate, with what the decision stood on (invariant 23). */
export async function admission(ctx: Ctx, one: Candidate): Promise<Admission & { inputs: Record<string, unknown> }> {
  const { facts, inputs } = await gatherFacts(ctx, one);
  return { ...admit(facts), inputs };
}

/** The policy a decision was made under: the pinned version of the playbook, or the house rules. */
export const policyOf = (one: Pick<Candidate, 'scope'>): string =>
  one.scope
    ? `${one.scope.playbook.metadata.name} ${one.scope.playbook.metadata.version} (${one.scope.run.versionId})`
    : 'built-in rules 1';
