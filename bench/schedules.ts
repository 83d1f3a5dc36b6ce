/**
 * How long the calculators take: a year of a schedule with 50 people in six layers (hours, days, weeks and months in four
 * zones, windows, 40 overrides, 20 absences), and who is on call now in 500 such schedules. Every round works on fresh
 * objects, so that nothing is remembered but the zones' changes, as in a server that has run for a minute. `first` is the
 * very first round of the process, cold. The loading of rows is not in it.
 */
import { pathToFileURL } from 'node:url';
import type { Layer } from '../src/people/schedules/layer.ts';
import { finalShifts, onCallAt, type Plan } from '../src/people/schedules/model.ts';

const LIMIT = { yearMs: 50, whoMs: 20 };
const ROUNDS = 60;
const SCHEDULES = 500;
const DAY = 86_400_000;
const YEAR = Date.UTC(2027, 0, 1);

const people = Array.from({ length: 50 }, (_, i) => `usr_${i}`);
const every = [1, 2, 3, 4, 5, 6, 7];
const office = every.slice(0, 5);
const rotation: Layer = {
  id: 'lay',
  name: 'Layer',
  zone: 'Europe/Berlin',
  unit: 'week',
  every: 1,
  startsOn: '2026-01-05',
  handoverTime: '09:00',
  handoverWeekday: null,
  effectiveFrom: null,
  effectiveUntil: null,
  windows: [],
  skipIdleDays: false,
  participants: people,
};

/** A schedule nobody has calculated yet. `k` makes each a little different. */
function schedule(k: number): Plan {
  const layer = (more: Partial<Layer>): Layer => ({
    ...rotation,
    participants: [...people.slice(k % 50), ...people.slice(0, k % 50)],
    ...more,
  });
  const at = (day: number) => new Date(YEAR + day * DAY);
  return {
    layers: [
      layer({
        unit: 'day',
        skipIdleDays: true,
        windows: [{ kind: 'daily', days: office, from: '09:00', to: '17:00' }],
      }),
      layer({
        unit: 'hour',
        every: 8,
        zone: 'America/New_York',
        windows: [{ kind: 'daily', days: office, from: '09:00', to: '17:00' }],
      }),
      layer({
        unit: 'day',
        zone: 'Asia/Singapore',
        windows: [{ kind: 'daily', days: every, from: '09:00', to: '18:00' }],
      }),
      layer({
        zone: 'Australia/Sydney',
        windows: [{ kind: 'weekly', fromDay: 5, from: '18:00', toDay: 1, to: '08:00' }],
      }),
      layer({ unit: 'month', startsOn: '2026-01-31', effectiveUntil: '2027-07-01T00:00' }),
      layer({ unit: 'hour', every: 12 }),
    ],
    overrides: Array.from({ length: 40 }, (_, i) => ({
      userId: people[i]!,
      from: at(3 + i * 8),
      to: at(5 + i * 8),
      replaces: i % 2 ? people[i + 1]! : null,
    })),
    absences: Array.from({ length: 20 }, (_, i) => ({ userId: people[i]!, from: at(i * 15), to: at(i * 15 + 14) })),
    isActive: () => true,
  };
}

const round = (value: number) => Math.round(value * 100) / 100;
function spread(values: number[]) {
  const sorted = values.toSorted((a, b) => a - b);
  return {
    p50: round(sorted[Math.floor(sorted.length / 2)]!),
    min: round(sorted[0]!),
    max: round(sorted.at(-1)!),
    n: sorted.length,
  };
}
function timed(work: () => void): number {
  const from = performance.now();
  work();
  return performance.now() - from;
}

/** Measures both; `pass` compares the medians with the limits of the issue. */
export function run() {
  const [from, to] = [new Date(YEAR), new Date(YEAR + 365 * DAY)];
  let shifts = 0;
  const year = () => {
    const plan = schedule(7);
    return timed(() => void (shifts = finalShifts(plan, from, to).length));
  };
  let held = 0;
  const who = (r: number) => {
    const plans = Array.from({ length: SCHEDULES }, (_, k) => schedule(k));
    const at = new Date(YEAR + r * 5 * DAY + r * 1_800_000);
    held = 0;
    return timed(() => {
      for (const plan of plans) if (onCallAt(plan, at).userId) held += 1;
    });
  };
  const first = round(year());
  const years = Array.from({ length: ROUNDS }, year);
  const whos = Array.from({ length: ROUNDS }, (_, r) => who(r));
  const ours = {
    yearMs: spread(years),
    firstYearMs: first,
    shiftsInYear: shifts,
    whoMs: spread(whos),
    schedules: SCHEDULES,
    held,
  };
  const ratio = round(Math.max(ours.yearMs.p50 / LIMIT.yearMs, ours.whoMs.p50 / LIMIT.whoMs));
  return { bench: 'schedules', ours, peer: { limit: LIMIT }, ratio, pass: ratio < 1 };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const result = run();
  console.log(process.argv.includes('--json') ? JSON.stringify(result) : JSON.stringify(result, null, 2));
  process.exitCode = result.pass ? 0 : 1;
}
