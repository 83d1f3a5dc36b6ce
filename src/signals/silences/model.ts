/** Silences: what they match, and whether they hold now. Pure but for the linear pattern engine. */
import { evaluateCel } from '#kernel';

/** Alertmanager's matcher. Patterns match the whole value; a label that is not there counts as empty. */
export interface Matcher {
  name: string;
  value: string;
  isRegex: boolean;
  isEqual: boolean;
}

export interface Silence {
  id: string;
  kind: 'silence' | 'maintenance';
  /** Of a maintenance window. */
  name: string | null;
  /** Only alerts of these services; of every service when empty. */
  serviceIds: string[];
  /** False lets critical alerts through. */
  holdsCritical: boolean;
  integrationId: string | null;
  matchers: Matcher[];
  startsAt: Date;
  endsAt: Date;
  createdBy: string;
  comment: string;
  createdAt: Date;
  updatedAt: Date;
}

export type SilenceState = 'pending' | 'active' | 'expired';

export const stateOf = (silence: Pick<Silence, 'startsAt' | 'endsAt'>, now: Date): SilenceState =>
  silence.endsAt <= now ? 'expired' : silence.startsAt > now ? 'pending' : 'active';

/** What a matcher can look at: the labels, and title, source and severity of alerts whose source has no such label. */
export const matchable = (alert: {
  title: string;
  source: string;
  severity: string;
  labels: Record<string, string>;
}): Record<string, string> => ({
  title: alert.title,
  source: alert.source,
  severity: alert.severity,
  ...alert.labels,
});

/** Runs on the linear engine (re2), so that no pattern can hold up the house. */
const wholly = (value: string, pattern: string) =>
  evaluateCel('v.matches(p)', { v: value.slice(0, 2048), p: `^(?:${pattern})$` });

export function matchesOne(matcher: Matcher, labels: Record<string, string>): boolean {
  const value = Object.hasOwn(labels, matcher.name) ? (labels[matcher.name] ?? '') : '';
  if (!matcher.isRegex) return (value === matcher.value) === matcher.isEqual;
  const found = wholly(value, matcher.value).value;
  // A pattern that cannot be run hides nothing.
  return found !== 'unknown' && found === matcher.isEqual;
}

export const matchesAll = (matchers: Matcher[], labels: Record<string, string>) =>
  matchers.every((matcher) => matchesOne(matcher, labels));

/** What of an alert decides whether a silence hides it. */
export type Hideable = Parameters<typeof matchable>[0] & { serviceId: string | null };

/** Whether a silence is about this alert, whenever it holds. */
export const covers = (silence: Pick<Silence, 'matchers' | 'serviceIds' | 'holdsCritical'>, alert: Hideable): boolean =>
  (silence.holdsCritical || alert.severity !== 'critical') &&
  (silence.serviceIds.length === 0 || (alert.serviceId !== null && silence.serviceIds.includes(alert.serviceId))) &&
  matchesAll(silence.matchers, matchable(alert));

/** The first silence that holds now and matches. */
export const silencedBy = (silences: Silence[], alert: Hideable, now: Date): Silence | undefined =>
  silences.find((silence) => stateOf(silence, now) === 'active' && covers(silence, alert));

/** A maintenance window may last this long. */
export const LONGEST_WINDOW_MS = 30 * 86_400_000;

/** What is wrong with matchers, by path; empty when they can be kept. */
export function problemsOf(matchers: Matcher[]): { path: string; message: string }[] {
  const problems = matchers.flatMap((matcher, n) => {
    if (matcher.name.trim() === '') return [{ path: `matchers.${n}.name`, message: 'Name the label.' }];
    if (matcher.value.length > 500) return [{ path: `matchers.${n}.value`, message: 'At most 500 characters.' }];
    const checked = matcher.isRegex ? wholly('', matcher.value) : undefined;
    if (checked?.value === 'unknown')
      return [{ path: `matchers.${n}.value`, message: `Not a pattern: ${checked.error ?? 'it cannot be read'}` }];
    return [];
  });
  if (problems.length > 0) return problems;
  if (matchers.length === 0 || matchers.length > 50) return [{ path: 'matchers', message: 'From 1 to 50 matchers.' }];
  // Alertmanager's own rule: one of them must ask for something.
  if (matchers.every((matcher) => matchesOne(matcher, {})))
    return [{ path: 'matchers', message: 'At least one matcher must not match an alert without that label.' }];
  return [];
}

const TEXT = /^\s*([a-zA-Z_][\w.:-]*)\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|([^"]*?))\s*$/;

/** `name="value"`, `=~`, `!=`, `!~`, as amtool and screens write it; undefined when it is not a matcher. */
export function parseMatcher(text: string): Matcher | undefined {
  const found = TEXT.exec(text.replace(/^\{(.*)\}$/, '$1').slice(0, 1000));
  if (!found) return undefined;
  const [, name = '', sign = '=', quoted, bare = ''] = found;
  const value = quoted === undefined ? bare : quoted.replace(/\\(["\\])/g, '$1');
  return { name, value, isRegex: sign.includes('~'), isEqual: !sign.startsWith('!') };
}
