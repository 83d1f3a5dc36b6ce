/** Puts every replacement of the check in place at once: what a frightened writer presses first. Pure. */
import { applySuggestion, type Finding, type LintReport, type UpdateFields } from '#contract/comms-lint/index';

const LISTS = ['known', 'unknown', 'doing', 'customerActions'] as const;
type Text = 'headline' | 'impact' | 'protection' | 'apology';

/** Findings whose words can be replaced as they stand, each place once, from the end of a text to its beginning. */
function replaceable(lint: LintReport): Map<string, Finding[]> {
  const byField = new Map<string, Finding[]>();
  for (const found of lint.findings.filter(({ suggestion }) => suggestion?.replaces)) {
    const list = byField.get(found.field) ?? [];
    if (!list.some((other) => other.from < found.to && other.to > found.from))
      byField.set(found.field, [...list, found]);
  }
  for (const list of byField.values()) list.sort((a, b) => b.from - a.from);
  return byField;
}

export const mendable = (lint: LintReport): number =>
  [...replaceable(lint).values()].reduce((sum, list) => sum + list.length, 0);

/** Only the fields that change. */
export function mendAll(fields: UpdateFields, lint: LintReport): Partial<UpdateFields> {
  const changed: Partial<UpdateFields> = {};
  const mend = (text: string, list: Finding[]) => list.reduce((now, found) => applySuggestion(now, found), text);
  for (const [path, list] of replaceable(lint)) {
    const [name = '', at] = path.split('.');
    const key = LISTS.find((one) => one === name);
    if (key && at !== undefined) {
      const lines = (changed[key] ?? fields[key]) as string[] | 'none';
      if (lines !== 'none')
        Object.assign(changed, { [key]: lines.map((line, n) => (n === Number(at) ? mend(line, list) : line)) });
    } else if (name === 'dataImpact' && fields.dataImpact) {
      changed.dataImpact = { ...fields.dataImpact, sentence: mend(fields.dataImpact.sentence, list) };
    } else if (['headline', 'impact', 'protection', 'apology'].includes(path)) {
      changed[path as Text] = mend(fields[path as Text], list);
    }
  }
  return changed;
}
