/** Rules in words, and matchers as lines of text: `name="value"`, `=~`, `!=`, `!~`. Pure. */
import type { Rule, RuleInput } from '#contract/signals';

type Spec<K extends RuleInput['kind']> = Extract<RuleInput, { kind: K }>['spec'];
export type TriageSpec = Spec<'triage'>;
export type InhibitSpec = Spec<'inhibit'>;
export type GroupingSpec = Spec<'grouping'>;
type Matcher = InhibitSpec['source'][number];

const LINE = /^\s*([^\s=!~]+)\s*(=~|!~|!=|=)\s*(.*?)\s*$/;

/** One matcher a line; what is not one is left to the server to refuse by its empty name. */
export const matchersOf = (text: string): Matcher[] =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, name = '', how = '=', value = ''] = LINE.exec(line) ?? [];
      const bare = value.replace(/^"(.*)"$/, '$1');
      return { name, value: bare, isRegex: how.includes('~'), isEqual: !how.startsWith('!') };
    });

export const linesOf = (matchers: readonly Matcher[]): string =>
  matchers
    .map(({ name, value, isRegex, isEqual }) => {
      const sign = isEqual === false ? (isRegex ? '!~' : '!=') : isRegex ? '=~' : '=';
      return `${name}${sign}"${value}"`;
    })
    .join('\n');

export const wordsOf = (text: string): string[] =>
  text
    .split(/[\s,]+/)
    .map((word) => word.trim())
    .filter((word) => word !== '');

/** What a rule does, as a person would say it. */
export function outcomeOf({ kind, spec }: Pick<Rule, 'kind' | 'spec'>, nameOf: (id: string) => string): string {
  if (kind === 'inhibit') {
    const { source, target, equal } = spec as InhibitSpec;
    const same = equal.length > 0 ? ` with the same ${equal.join(', ')}` : '';
    return `While ${linesOf(source).replaceAll('\n', ', ')} fires, ${linesOf(target).replaceAll('\n', ', ')}${same} calls nobody`;
  }
  if (kind === 'grouping') {
    const { labels, windowMinutes } = spec as GroupingSpec;
    return `${labels.length > 0 ? `One group for each ${labels.join(' and ')}` : 'One group'}, joined for ${windowMinutes} minutes`;
  }
  const { then, goOn } = spec as TriageSpec;
  const parts = [
    then.serviceId && `service ${nameOf(then.serviceId)}`,
    then.severity && `severity ${then.severity}`,
    then.urgency && (then.urgency === 'none' ? 'nobody is called' : `${then.urgency} urgency`),
    then.policyId && 'another escalation policy',
    then.suppress && `kept quiet: ${then.suppress}`,
    then.groupBy && `grouped by ${then.groupBy}`,
    then.declare && `declares SEV${then.declare}`,
  ].filter((part) => typeof part === 'string' && part !== '');
  return `${parts.join(', ')}${goOn ? '; then the next rules' : ''}`;
}
