/** When a step applies: its hours on the wall, the page's urgency and priority. Pure; says why not. */
import { zone } from '#kernel';
import type { Hours, PageFacts, When } from './plan.ts';
import { type Layer, STEP_BUDGET, windowsBetween } from './schedules/layer.ts';

export type Gate =
  | { state: 'open' }
  /** Passed over at once. */
  | { state: 'closed'; why: string }
  /** The page waits until then and looks again. */
  | { state: 'later'; until: Date; why: string };

const OPEN: Gate = { state: 'open' };

/** Whether a step applies to this page at this instant. */
export function gateOf(when: When | null | undefined, page: PageFacts, now: Date): Gate {
  if (!when) return OPEN;
  if (when.urgency && when.urgency !== page.urgency)
    return {
      state: 'closed',
      why: when.urgency === 'high' ? 'only for urgent pages' : 'only for pages of low urgency',
    };
  if (when.priorities && page.priority !== null && !when.priorities.includes(page.priority))
    return { state: 'closed', why: `only for ${sayPriorities(when.priorities)}` };
  return when.hours ? gateOfHours(when.hours, now) : OPEN;
}

/** `P1 and P2`. */
export const sayPriorities = (priorities: number[]): string => {
  const names = priorities.toSorted().map((n) => `P${n}`);
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : (names[0] ?? 'no page');
};

function gateOfHours(hours: Hours, now: Date): Gate {
  const opens = nextOpening(hours, now);
  if (opens && opens <= now) return OPEN;
  if (!opens || hours.outside === 'skip') return { state: 'closed', why: 'outside its hours' };
  return { state: 'later', until: opens, why: `outside its hours, which begin ${zone.sayInstant(hours.zone, opens)}` };
}

const DAY_MS = 86_400_000;
/** Two weeks and a bit: a weekday may be lost whole (Apia, 2011-12-30), the same one a week later is not. */
const LOOK_MS = 16 * DAY_MS;

/** When the hours are open next: `now` when they are, undefined when they never are. */
export function nextOpening(hours: Pick<Hours, 'zone' | 'windows'>, now: Date): Date | undefined {
  const at = now.getTime();
  const first = windowsBetween(layerOf(hours), at, at + LOOK_MS, { left: STEP_BUDGET })[0];
  return first && new Date(first.from);
}

const layers = new WeakMap<object, Layer>();

/** The arithmetic of hours is that of schedules, with its rule for clock changes: a layer with windows and nobody in it. */
function layerOf(hours: Pick<Hours, 'zone' | 'windows'>): Layer {
  let layer = layers.get(hours);
  if (!layer) {
    layer = {
      id: '',
      name: '',
      zone: hours.zone,
      unit: 'day',
      every: 1,
      startsOn: '2026-01-01',
      handoverTime: '00:00',
      handoverWeekday: null,
      effectiveFrom: null,
      effectiveUntil: null,
      windows: hours.windows,
      skipIdleDays: false,
      participants: [],
    };
    layers.set(hours, layer);
  }
  return layer;
}
