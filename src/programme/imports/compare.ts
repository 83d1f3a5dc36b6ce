/** What our schedules would give against what the vendor says its own give, second by second. Pure. */
import { finalShifts, type Layer } from '#people';
import { compileLayer } from './layers.ts';
import type { Item, Ref, Rendered } from './model.ts';

export interface Verdict {
  agrees: boolean;
  from: string;
  to: string;
  text: string;
  differences: string[];
}

/** A set of people over time: at `at`, these. */
interface Edge {
  at: number;
  who: string;
}

/** Compares what our schedules would give with what the vendor says it gives, second by second. */
export function compare(
  rendered: Rendered,
  schedules: Item<'schedule'>[],
  overrides: Item<'override'>[],
  world: { name: (ref: Ref) => string; same: (ref: Ref) => Ref },
): Verdict {
  const [from, to] = [Date.parse(rendered.from), Date.parse(rendered.to)];
  const theirs = edges(
    rendered.shifts.map((shift) => ({
      from: Date.parse(shift.from),
      to: Date.parse(shift.to),
      user: world.same(shift.user),
    })),
    from,
    to,
  );
  const ours = edges(
    schedules.flatMap((schedule) => shiftsOf(schedule, overrides, from, to)),
    from,
    to,
  );
  const differences: string[] = [];
  let differing = 0;
  const moments = [...new Set([...theirs, ...ours].map((edge) => edge.at))].sort((a, b) => a - b);
  let [t, o] = [0, 0];
  for (const [i, at] of moments.entries()) {
    while ((theirs[t + 1]?.at ?? Number.POSITIVE_INFINITY) <= at) t += 1;
    while ((ours[o + 1]?.at ?? Number.POSITIVE_INFINITY) <= at) o += 1;
    const [a, b] = [theirs[t]?.who ?? '', ours[o]?.who ?? ''];
    if (a === b) continue;
    const end = moments[i + 1] ?? to;
    differing += end - at;
    const say = (who: string) => (who === '' ? 'nobody' : who.split('\n').map(world.name).join(' and '));
    if (differences.length < 5) differences.push(`${stamp(at)} to ${stamp(end)}: there ${say(a)}, here ${say(b)}`);
  }
  const days = Math.round((to - from) / 86_400_000);
  const text =
    differing === 0
      ? `Same people on call as there for the next ${days} days`
      : `Differs from there for ${spell(differing)} of the next ${days} days`;
  return { agrees: differing === 0, from: rendered.from, to: rendered.to, text, differences };
}

const stamp = (at: number) => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
const spell = (ms: number) =>
  ms < 48 * 3_600_000 ? `${Math.round(ms / 360_000) / 10} hours` : `${Math.round(ms / 8_640_000) / 10} days`;

function shiftsOf(schedule: Item<'schedule'>, overrides: Item<'override'>[], from: number, to: number) {
  const layers = schedule.fields.layers.map((layer, i) => ({
    ...(compileLayer(layer, schedule.fields.zone) as Layer),
    id: String(i),
  }));
  const own = overrides
    .filter((one) => !one.refused && one.fields.schedule === `schedule/${schedule.sourceId}`)
    .map(({ fields }) => ({
      userId: fields.user,
      from: new Date(fields.from),
      to: new Date(fields.to),
      replaces: fields.replaces,
    }));
  const shifts = finalShifts(
    { layers, overrides: own, absences: [], isActive: () => true },
    new Date(from),
    new Date(to),
  );
  return shifts.flatMap((shift) =>
    shift.userId ? [{ from: shift.from.getTime(), to: shift.to.getTime(), user: shift.userId }] : [],
  );
}

/** Shifts as the moments at which the set of people changes. */
function edges(shifts: { from: number; to: number; user: string }[], from: number, to: number): Edge[] {
  const cut = shifts
    .map((shift) => ({ user: shift.user, from: Math.max(from, shift.from), to: Math.min(to, shift.to) }))
    .filter((shift) => shift.from < shift.to);
  const moments = [...new Set([from, ...cut.flatMap((shift) => [shift.from, shift.to])])]
    .sort((a, b) => a - b)
    .filter((at) => at < to);
  const sorted = cut.toSorted((a, b) => a.from - b.from);
  let active: typeof cut = [];
  let next = 0;
  const found: Edge[] = [];
  for (const at of moments) {
    active = active.filter((shift) => shift.to > at);
    while (next < sorted.length && sorted[next]!.from <= at) active.push(sorted[next++]!);
    const who = [...new Set(active.map((shift) => shift.user))].sort().join('\n');
    if (found.at(-1)?.who !== who) found.push({ at, who });
  }
  return found;
}
