/** Points at words that look for a guilty person, in every text of a review. It never blocks: people decide. */
import { lintText } from '#contract/comms-lint/index';
import { type ActionRow, actionKey } from '../actions/store.ts';
import type { FactorNote, Finding } from './store.ts';

/** B1 to B4 of the message lint; B5 is about naming suppliers in public, which a review may. */
const BLAME = new Set(['B1', 'B2', 'B3', 'B4']);

export interface BlameHint {
  rule: string;
  level: 'error' | 'warn';
  path: string;
  found: string;
  why: string;
}

/** The hints of one text. */
export function blameInText(path: string, text: string): BlameHint[] {
  return lintText(text, { audience: 'internal' })
    .filter((mark) => BLAME.has(mark.rule))
    .map((mark) => ({ rule: mark.rule, level: mark.level, path, found: mark.words, why: mark.reason }));
}

/** The hints of a whole review, each with the field it is in. */
export function blameIn(review: {
  sections: Partial<Record<string, string>>;
  factors: readonly FactorNote[];
  findings: readonly Finding[];
  actions: readonly Pick<ActionRow, 'number' | 'title' | 'detail'>[];
}): BlameHint[] {
  return [
    ...Object.entries(review.sections).flatMap(([name, text]) => blameInText(`sections.${name}`, text ?? '')),
    ...review.factors.flatMap((factor) => blameInText(`factors.${factor.code}`, factor.note)),
    ...review.findings.flatMap((finding, i) => blameInText(`findings.${i}`, finding.text)),
    ...review.actions.flatMap((action) =>
      blameInText(`actions.${actionKey(action)}`, `${action.title}\n${action.detail}`),
    ),
  ];
}
