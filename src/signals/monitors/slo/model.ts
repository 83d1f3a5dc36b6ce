/** Objectives: how fast the error budget burns, when that is an alarm, and what is left. Pure; the arithmetic of the Google SRE workbook, chapter 5. */
import type { Severity } from '../../model.ts';

export interface Slo {
  id: string;
  slug: string;
  name: string;
  description: string;
  serviceId: string | null;
  enabled: boolean;
  /** Share of good events: 0.999. */
  target: number;
  windowDays: number;
  budgeting: 'occurrences' | 'timeslices';
  sliceTarget: number | null;
  source: SloSource;
  secretsSealed: string | null;
  paging: boolean;
  ticketing: boolean;
  trouble: string;
  countedTo: Date | null;
  counters: Counters | null;
  version: number;
  createdAt: Date;
}

export type SloSource =
  | { kind: 'monitors'; monitorIds: string[] }
  | {
      kind: 'prometheus';
      url: string;
      /** Of good events, or of bad ones: exactly one is set. */
      good: string;
      bad: string;
      total: string;
      /** The queries give ever-growing counters; otherwise each gives the count of the last minute. */
      counter: boolean;
      authorization: string;
    };

/** Last values of a counter source. */
export interface Counters {
  part: number;
  total: number;
  at: number;
}

/** Events of one minute, or of one hour. */
export interface Count {
  /** Epoch milliseconds of its start. */
  at: number;
  good: number;
  total: number;
}

/** A pair of windows and the burn rate that both must exceed. */
export interface BurnRule {
  alarm: 'page' | 'ticket';
  burn: number;
  longMinutes: number;
  shortMinutes: number;
}

/** 2 % of a 30-day budget in an hour, 5 % in six hours, 10 % in three days. The short window ends the alarm soon after the burning ends. */
export const BURN_RULES: BurnRule[] = [
  { alarm: 'page', burn: 14.4, longMinutes: 60, shortMinutes: 5 },
  { alarm: 'page', burn: 6, longMinutes: 360, shortMinutes: 30 },
  { alarm: 'ticket', burn: 1, longMinutes: 4320, shortMinutes: 360 },
];

/** Lengths of the windows that the rules look at, in minutes. */
export const BURN_WINDOWS = [...new Set(BURN_RULES.flatMap((rule) => [rule.shortMinutes, rule.longMinutes]))];

export interface Sum {
  good: number;
  total: number;
}

export const SEVERITY_OF: Record<BurnRule['alarm'], Severity> = { page: 'critical', ticket: 'warning' };

const MINUTE = 60_000;

/** Timeslices count minutes in place of events: a minute is good when enough of its events were. A minute without events counts for nothing. */
export const sliced = (counts: Count[], slo: Pick<Slo, 'budgeting' | 'sliceTarget' | 'target'>): Count[] =>
  slo.budgeting === 'occurrences'
    ? counts
    : counts
        .filter((one) => one.total > 0)
        .map((one) => ({
          at: one.at,
          good: one.good / one.total >= (slo.sliceTarget ?? slo.target) ? 1 : 0,
          total: 1,
        }));

/** Good and all events of the minutes in [now − window, now). `now` is the start of the minute that is not over yet. */
export function sumOf(counts: Count[], now: number, minutes: number): { good: number; total: number } {
  const from = now - minutes * MINUTE;
  let [good, total] = [0, 0];
  for (const one of counts)
    if (one.at >= from && one.at < now) {
      good += one.good;
      total += one.total;
    }
  return { good, total };
}

/** (bad ÷ total) ÷ (1 − target): 1 uses up the budget exactly within its window. Undefined when nothing was counted. */
export const burnRate = ({ good, total }: { good: number; total: number }, target: number): number | undefined =>
  total > 0 ? Math.max(0, total - good) / total / (1 - target) : undefined;

export interface BurnCheck extends BurnRule {
  /** Undefined: nothing was counted in that window; that is no burning, and no end of it. */
  long: number | undefined;
  short: number | undefined;
  /** Both exceed. */
  exceeds: boolean;
  /** Neither window is unknown. */
  known: boolean;
}

/** Every rule against the sums of its windows, by their length in minutes; one that is absent counted nothing. */
export function burnChecksOf(sums: ReadonlyMap<number, Sum>, target: number): BurnCheck[] {
  const rate = (minutes: number) => burnRate(sums.get(minutes) ?? { good: 0, total: 0 }, target);
  return BURN_RULES.map((rule) => {
    const [long, short] = [rate(rule.longMinutes), rate(rule.shortMinutes)];
    const known = long !== undefined && short !== undefined;
    return { ...rule, long, short, known, exceeds: known && long > rule.burn && short > rule.burn };
  });
}

/** The same from the counts of minutes, newest window ending at `now` (floored to the minute). */
export function burnChecks(
  counts: Count[],
  slo: Pick<Slo, 'budgeting' | 'sliceTarget' | 'target'>,
  now: number,
): BurnCheck[] {
  const end = Math.floor(now / MINUTE) * MINUTE;
  const events = sliced(counts, slo);
  return burnChecksOf(new Map(BURN_WINDOWS.map((minutes) => [minutes, sumOf(events, end, minutes)])), slo.target);
}

/** Whether an alarm is on: it goes on when a pair exceeds, and off only when every pair of it is known and none does. */
export function alarmAfter(before: boolean, checks: BurnCheck[], alarm: BurnRule['alarm']): boolean {
  const own = checks.filter((check) => check.alarm === alarm);
  if (own.some((check) => check.exceeds)) return true;
  return before && own.some((check) => !check.known);
}

export interface Budget {
  good: number;
  total: number;
  /** Bad events that the window allows, by what was counted in it. */
  allowed: number;
  bad: number;
  /** 1 = untouched, 0 = used up, below 0 = overspent. Undefined when nothing was counted. */
  left: number | undefined;
  /** Share of good events. */
  reached: number | undefined;
}

export function budgetOf(counts: Sum[], target: number): Budget {
  const [good, total] = counts.reduce(([g, t], one) => [g + one.good, t + one.total], [0, 0]);
  const bad = Math.max(0, total - good);
  const allowed = total * (1 - target);
  return {
    good,
    total,
    bad,
    allowed,
    left: total > 0 ? 1 - bad / allowed : undefined,
    reached: total > 0 ? good / total : undefined,
  };
}

/** The budget of the window as it went down, hour by hour: full at its beginning, `budgetOf(counts).left` at its end. */
export function burnDown(counts: Count[], target: number): { at: number; left: number }[] {
  const { allowed } = budgetOf(counts, target);
  if (allowed <= 0) return [];
  let bad = 0;
  return counts
    .toSorted((a, b) => a.at - b.at)
    .map((one) => {
      bad += Math.max(0, one.total - one.good);
      return { at: one.at, left: 1 - bad / allowed };
    });
}

/** What counters gave since last time: a counter that fell was started anew and counts from zero. */
export function sinceCounters(before: Counters | null, now: Counters): { part: number; total: number } | undefined {
  if (!before) return undefined;
  const grown = (was: number, is: number) => (is >= was ? is - was : is);
  return { part: grown(before.part, now.part), total: grown(before.total, now.total) };
}

export const keyOfSlo = (id: string, alarm: BurnRule['alarm']) => `slo:${id}:${alarm}`;
