/**
 * Repeating entries (RRULE), for leave and holidays: by day, week, month and year. Everything is counted, so that no rule
 * whatever can make it spin; what leave never needs (seconds, week numbers, EXRULE) is refused by name. Pure.
 */
import { zone } from '#kernel';
import { type Line, lineProblem } from './lines.ts';

const { addMonthsToLocal, DAY_MS, dayOfLocal, weekdayOfLocal } = zone;

interface DayOf {
  /** 1 Monday … 7 Sunday. */
  weekday: number;
  /** `2TU` is the second, `-1FR` the last; 0: each. */
  nth: number;
}
export interface Rule {
  freq: 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY';
  interval: number;
  count: number | null;
  /** The last start, as it was written: a day, a wall time or an instant. */
  until: string | null;
  days: DayOf[];
  months: number[];
  monthDays: number[];
  /** 1 Monday … 7 Sunday. */
  weekStart: number;
  line: number;
}

/** What may be spent on one calendar. */
export interface Spending {
  steps: number;
  occurrences: number;
}
export const MAX_OCCURRENCES = 5000;
export const freshSpending = (): Spending => ({ steps: 60_000, occurrences: MAX_OCCURRENCES });

const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const KNOWN = new Set(['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'BYDAY', 'BYMONTH', 'BYMONTHDAY', 'WKST']);

/** A rule as it is written. Throws 422 with the line for what cannot be or is not read. */
export function parseRule({ value, no }: Line): Rule {
  const parts = new Map<string, string>();
  for (const part of value.toUpperCase().split(';')) {
    const [key = '', text = ''] = part.split('=');
    if (!KNOWN.has(key)) throw lineProblem(no, `${key || 'an empty part'} is not read in a repetition`);
    if (parts.has(key)) throw lineProblem(no, `${key} stands there twice`);
    parts.set(key, text);
  }
  const freq = parts.get('FREQ') ?? '';
  if (!['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'].includes(freq))
    throw lineProblem(no, `an absence repeats by day, week, month or year, not FREQ=${freq}`);
  const whole = (key: string, low: number, high: number) =>
    (parts.get(key)?.split(',') ?? []).map((text) => {
      const number = /^[+-]?\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
      if (!(Math.abs(number) >= low && Math.abs(number) <= high) || (number < 0 && key !== 'BYMONTHDAY'))
        throw lineProblem(no, `${key}=${text} cannot be`);
      return number;
    });
  const rule: Rule = {
    freq: freq as Rule['freq'],
    interval: whole('INTERVAL', 1, 10_000)[0] ?? 1,
    count: whole('COUNT', 1, 9_999_999_999)[0] ?? null,
    until: parts.get('UNTIL') ?? null,
    days: daysOf(parts.get('BYDAY'), no),
    months: whole('BYMONTH', 1, 12),
    monthDays: whole('BYMONTHDAY', 1, 31),
    weekStart: WEEKDAYS.indexOf(parts.get('WKST') ?? 'MO') + 1,
    line: no,
  };
  if (rule.weekStart === 0) throw lineProblem(no, `WKST=${parts.get('WKST')} is no weekday`);
  const counted = rule.days.some(({ nth }) => nth !== 0);
  if (counted && (freq === 'DAILY' || freq === 'WEEKLY')) throw lineProblem(no, `a numbered BYDAY needs months`);
  if (freq === 'YEARLY' && rule.days.length > 0 && rule.months.length === 0)
    throw lineProblem(no, 'a yearly BYDAY is read only together with BYMONTH');
  return rule;
}

function daysOf(text: string | undefined, no: number): DayOf[] {
  return (text?.split(',') ?? []).map((part) => {
    const found = /^([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)$/.exec(part);
    const nth = Number(found?.[1] ?? 0);
    if (!found || Math.abs(nth) > 5 || (found[1] !== undefined && nth === 0))
      throw lineProblem(no, `BYDAY=${part} cannot be`);
    return { weekday: WEEKDAYS.indexOf(found[2]!) + 1, nth };
  });
}

/**
 * The starts of a repetition as local numbers, in order, that are not before `from` and before `to`; the first is `start`
 * itself, which counts as RFC 5545 says. `last` is the last start allowed (UNTIL), as a local number.
 */
export function startsOf(rule: Rule, start: number, from: number, to: number, last: number, left: Spending): number[] {
  const time = start - dayOfLocal(start);
  const found: number[] = [];
  let counted = 0;
  let before = Number.NEGATIVE_INFINITY;
  for (const day of candidateDays(rule, dayOfLocal(start), from, to, left)) {
    const at = day + time;
    if (at < start || at <= before) continue;
    if (at >= to || at > last || (rule.count !== null && counted >= rule.count)) break;
    before = at;
    counted += 1;
    if (at < from) continue;
    if (--left.occurrences < 0)
      throw lineProblem(rule.line, `the calendar has more than ${MAX_OCCURRENCES} entries in the time that is read`);
    found.push(at);
  }
  return found;
}

/** Days that the rule names, ascending, up to `to`. Without a count the years long before `from` are passed over. */
function* candidateDays(rule: Rule, first: number, from: number, to: number, left: Spending): Generator<number> {
  const spend = () => {
    if (--left.steps < 0) throw lineProblem(rule.line, 'this repetition takes too long to work out');
  };
  const { freq, interval, days, months, monthDays } = rule;
  const month = (day: number) => new Date(day).getUTCMonth() + 1;
  const inMonth = (day: number) => months.length === 0 || months.includes(month(day));
  const ahead = (period: number) =>
    rule.count === null ? Math.max(0, Math.floor((from - first) / period / interval) - 1) * interval : 0;
  if (freq === 'DAILY') {
    for (let n = ahead(DAY_MS); ; n += interval) {
      spend();
      const day = first + n * DAY_MS;
      if (day >= to) return;
      if (inMonth(day) && fitsMonthDay(day, monthDays) && (days.length === 0 || fitsWeekday(day, days))) yield day;
    }
  }
  if (freq === 'WEEKLY') {
    const week = first - ((weekdayOfLocal(first) - rule.weekStart + 7) % 7) * DAY_MS;
    const wanted = days.length > 0 ? days : [{ weekday: weekdayOfLocal(first), nth: 0 }];
    for (let n = ahead(7 * DAY_MS); ; n += interval)
      for (let i = 0; i < 7; i++) {
        spend();
        const day = week + (n * 7 + i) * DAY_MS;
        if (day >= to) return;
        if (fitsWeekday(day, wanted) && inMonth(day) && fitsMonthDay(day, monthDays)) yield day;
      }
  }
  const step = freq === 'MONTHLY' ? 1 : 12;
  const anchor = Date.UTC(new Date(first).getUTCFullYear(), freq === 'MONTHLY' ? month(first) - 1 : 0);
  for (let n = ahead(step * 31 * DAY_MS); ; n += interval) {
    const year = addMonthsToLocal(anchor, n * step);
    if (year >= to) return;
    const named =
      freq === 'MONTHLY' ? [month(year)] : months.length > 0 ? months.toSorted((a, b) => a - b) : [month(first)];
    for (const one of named) {
      spend();
      const begins = freq === 'MONTHLY' ? year : Date.UTC(new Date(year).getUTCFullYear(), one - 1);
      if (!inMonth(begins)) continue;
      for (const day of daysOfMonth(rule, begins, new Date(first).getUTCDate())) yield day;
    }
  }
}

/** The days of one month that the rule names; a day the month does not have is none. */
function daysOfMonth({ days, monthDays }: Rule, begins: number, own: number): number[] {
  const length = (addMonthsToLocal(begins, 1) - begins) / DAY_MS;
  const all = Array.from({ length }, (_, i) => begins + i * DAY_MS);
  const byDay = monthDays.length > 0 ? monthDays : days.length > 0 ? [] : [own];
  return all.filter((day, i) => {
    const numbered = byDay.length === 0 || byDay.includes(i + 1) || byDay.includes(i - length);
    const weekday = days.length === 0 || days.some((of) => isNth(of, day, i, length));
    return numbered && weekday;
  });
}

const isNth = ({ weekday, nth }: DayOf, day: number, i: number, length: number) =>
  weekdayOfLocal(day) === weekday &&
  (nth === 0 || nth === Math.floor(i / 7) + 1 || nth === -(Math.floor((length - 1 - i) / 7) + 1));

const fitsWeekday = (day: number, days: DayOf[]) => days.some(({ weekday }) => weekday === weekdayOfLocal(day));

function fitsMonthDay(day: number, monthDays: number[]): boolean {
  if (monthDays.length === 0) return true;
  const date = new Date(day);
  const length = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  return monthDays.includes(date.getUTCDate()) || monthDays.includes(date.getUTCDate() - length - 1);
}
