/** The lint of customer messages: pure, the same on the server and under the writer's fingers in the browser. */
import { type LintContext, lintText, type Mark } from './engine.ts';
import { textsOf, type UpdateFields } from './fields.ts';
import { lintStructure, missingFields, type StructureContext } from './structure.ts';

export { iban, type LintContext, lintText, luhn, type Mark, maxLintLength } from './engine.ts';
export {
  type ComponentState,
  componentState,
  type DataImpactState,
  dataImpactState,
  type MessageKind,
  messageKind,
  type PublicStatus,
  publicStatus,
  textsOf,
  type UpdateFields,
  type UpdatePatch,
  updateFields,
  updatePatch,
} from './fields.ts';
export { type Audience, type Level, patternRules } from './rules.ts';
export { activeShare, gradeOf, isPassive, syllables } from './reading.ts';
export { type RecordFacts, type RecurrenceFacts } from './record.ts';
export { missingFields, STALE_MS, type StructureContext } from './structure.ts';
export type { Suggestion } from './suggestions.ts';

export interface Finding extends Mark {
  /** Path of the field it is in: `impact`, `known.0`. */
  field: string;
}

export interface LintReport {
  /** S1: fields still missing. They block publishing and cannot be overridden. */
  missing: { path: string; message: string }[];
  findings: Finding[];
  /** Ids of the rules that block publishing unless an approver overrides them. */
  errors: string[];
  /** Ids of the rules nobody can override. */
  secrets: string[];
}

const clock = (iso: string | null) => (iso ? `${new Date(iso).toISOString().slice(11, 16)} UTC` : null);

/** Lints a whole message: its structure, then every text in it. */
export function lintMessage(
  fields: UpdateFields,
  context: Omit<LintContext, 'next' | 'dataImpact' | 'componentStates' | 'phase'> & StructureContext,
): LintReport {
  const textContext: LintContext = {
    ...context,
    dataImpact: fields.dataImpact?.state ?? null,
    componentStates: Object.values({
      ...context.currentStates,
      ...fields.componentStates,
    }),
    next: clock(fields.nextUpdateBy),
    thirdPartyHasPublished: (fields.supplierPublished ?? '') !== '',
  };
  const structural = lintStructure(fields, { ...context, securityTerms: context.lists?.securityTerms ?? [] }).map(
    (found) => ({
      ...found,
      secret: false,
      from: 0,
      to: 0,
      words: '',
      suggestion: null,
    }),
  );
  const textual = textsOf(fields).flatMap(({ field, text }) =>
    lintText(text, textContext).map((found) => ({ ...found, field })),
  );
  const findings = [...structural, ...textual];
  const ids = (pick: (finding: Finding) => boolean) => [...new Set(findings.filter(pick).map(({ rule }) => rule))];
  return {
    missing: missingFields(fields, context.kind, context),
    findings,
    errors: ids((finding) => finding.level === 'error'),
    secrets: ids((finding) => finding.secret),
  };
}

/** Puts a suggestion in place of the marked words. */
export function applySuggestion(text: string, found: Pick<Mark, 'from' | 'to' | 'suggestion'>): string {
  if (!found.suggestion?.replaces) return text;
  const marked = text.slice(found.from, found.to);
  const first = marked.charAt(0);
  const capital =
    first !== '' && first === first.toUpperCase() && first !== first.toLowerCase() && marked !== marked.toUpperCase();
  const words = found.suggestion.text;
  return (
    text.slice(0, found.from) +
    (capital ? words.charAt(0).toUpperCase() + words.slice(1) : words) +
    text.slice(found.to)
  );
}
