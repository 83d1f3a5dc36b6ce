/**
 * Who is on call, calculated: layers one over the other, overrides on top, absences as holes, gaps in what remains. Pure.
 *
 * An upper layer covers those under it wherever it has somebody; where its person is away or has left, the next layer
 * shows through. An override says that the layers do not hold there: if its person cannot, that is a gap.
 */
import { heedHolidays, type Holiday } from './holidays.ts';
import { type Budget, type GapReason, type Layer, layerPieces, STEP_BUDGET, turnAt, turnStart } from './layer.ts';
import {
  absencesByPerson,
  type Away,
  blockedOf,
  fuller,
  joinEqual,
  layOver,
  nobody,
  type Stretch,
  withoutAbsent,
} from './stretch.ts';

export type { GapReason, Layer, Unit, Window } from './layer.ts';

export interface Override {
  userId: string;
  from: Date;
  to: Date;
  /** Only where this person would be on duty (a swap, a cover); null: the whole stretch, gaps included. */
  replaces?: string | null;
}

/** A person who is not there: leave, a holiday. */
export interface Absence {
  userId: string;
  from: Date;
  to: Date;
}

/** A stretch of duty. `userId` null: nobody, `why` says what is missing and `blocked` whose turn it would have been. */
export interface Shift {
  from: Date;
  to: Date;
  userId: string | null;
  source: 'rotation' | 'override' | 'nobody';
  why: GapReason | null;
  blocked: string | null;
  /** For an override made for somebody: whom. */
  replaces: string | null;
}

/** A schedule as the calculators want it; layers from top to bottom. */
export interface Plan {
  layers: Layer[];
  overrides: Override[];
  absences: Absence[];
  /** Days that layers may heed. */
  holidays?: Holiday[];
  isActive: (userId: string) => boolean;
}

/** Windows longer than this are refused: nobody reads them, and they cost time. */
export const MAX_WINDOW_DAYS = 400;

/** The layers of a schedule, each alone, in [from, to): what the timeline shows above the result. */
export function layerShifts(plan: Plan, from: Date, to: Date): Shift[][] {
  const budget = { left: STEP_BUDGET };
  const away = absencesByPerson(plan.absences);
  return plan.layers.map((layer) =>
    toShifts(joinEqual(layerStretches(plan, away, layer, from.getTime(), to.getTime(), budget))),
  );
}

/**
 * What really holds in [from, to). Shifts touch, never overlap, and neighbours differ. Where overrides overlap (they
 * should not) the later one in the list wins. Throws RangeError when the step budget is used up.
 */
export function finalShifts(plan: Plan, from: Date, to: Date): Shift[] {
  const [start, end] = [from.getTime(), to.getTime()];
  const budget = { left: STEP_BUDGET };
  const away = absencesByPerson(plan.absences);
  let below: Stretch[] = [nobody(start, end, 'no_participants')];
  plan.layers.toReversed().forEach((layer, i) => {
    const above = layerStretches(plan, away, layer, start, end, budget);
    below =
      i === 0 ? above : layOver(below, above, budget, (under, over) => (over.userId ? over : fuller(under, over)));
  });
  if (plan.overrides.length > 0) {
    const above = overrideStretches(plan, away, start, end);
    if (above.length > 0) below = layOverrides(below, above, budget);
  }
  return toShifts(joinEqual(below));
}

/**
 * Who is on call at one instant, and why nobody when nobody is. The same answer as `finalShifts` gives there, but found
 * from the top down: a layer under one that has somebody is not calculated.
 */
export function onCallAt(plan: Plan, at: Date): Shift {
  const [start, end] = [at.getTime(), at.getTime() + 1];
  const budget = { left: STEP_BUDGET };
  const away = absencesByPerson(plan.absences.filter((absence) => absence.from <= at && absence.to > at));
  const [override] = overrideStretches(plan, away, start, end);
  if (override && override.replaces === null) return toShifts([override])[0]!;
  let found: Stretch | undefined;
  for (const layer of plan.layers) {
    const [under] = layerStretches(plan, away, layer, start, end, budget);
    found = found && under ? fuller(under, found) : under;
    if (found?.userId) break;
  }
  found ??= nobody(start, end, 'no_participants');
  return toShifts([override && isMeant(override, found) ? override : found])[0]!;
}

const DAY = 86_400_000;
/** How far one looks for the end of the present shift, in growing steps: most end soon. */
const LOOKS_DAYS = [3, 15, 90, MAX_WINDOW_DAYS];

/** The shift in force at `at` with its real end (at most 400 days ahead), and the one that follows it, if any. */
export function nowAndNext(plan: Plan, at: Date): { now: Shift; next: Shift | null } {
  let shifts: Shift[] = [];
  for (const days of LOOKS_DAYS) {
    shifts = finalShifts(plan, at, new Date(at.getTime() + days * DAY));
    // Two full shifts are wanted: the second's end may be cut by the window, so a third must be seen.
    if (shifts.length > 2) break;
  }
  const [now, next] = shifts;
  if (!now) throw new Error('a schedule has no shift at all');
  return { now, next: next ?? null };
}

/** When the present turn ends. Who is alone in a schedule follows themselves: this is the end that means something to them. */
export const endOfTurn = (plan: Plan, at: Date): Date =>
  new Date(Math.min(...plan.layers.map((layer) => turnStart(layer, turnAt(layer, at.getTime()) + 1))));

/** The stretches in which nobody is on call. */
export const gapsOf = (shifts: Shift[]) => shifts.filter((shift) => shift.userId === null);

// ---------------------------------------------------------------- layers

function layerStretches(plan: Plan, away: Away, layer: Layer, from: number, to: number, budget: Budget): Stretch[] {
  const pieces = heedHolidays(layer, layerPieces(layer, from, to, budget), plan.holidays ?? [], budget);
  return pieces.flatMap((piece) =>
    withoutAbsent(
      {
        ...piece,
        source: piece.userId ? 'rotation' : 'nobody',
        replaces: null,
        claims: piece.claimed ? [piece.claimed] : [],
      },
      plan.isActive,
      away,
    ),
  );
}

// ---------------------------------------------------------------- overrides

/** The overrides as stretches that do not overlap, sorted: a later one in the list cuts those before it. */
function overrideStretches(plan: Plan, away: Away, from: number, to: number): Stretch[] {
  let laid: Stretch[] = [];
  for (const override of plan.overrides) {
    const [start, end] = [Math.max(from, override.from.getTime()), Math.min(to, override.to.getTime())];
    if (start >= end) continue;
    laid = laid.flatMap((other) => {
      if (other.to <= start || end <= other.from) return [other];
      return [
        { ...other, to: start },
        { ...other, from: end },
      ].filter((part) => part.from < part.to);
    });
    const { userId, replaces = null } = override;
    laid.push({ from: start, to: end, userId, claimed: userId, why: null, source: 'override', replaces, claims: [] });
  }
  return laid.toSorted((a, b) => a.from - b.from).flatMap((stretch) => withoutAbsent(stretch, plan.isActive, away));
}

function layOverrides(below: Stretch[], overrides: Stretch[], budget: Budget): Stretch[] {
  const [start, end] = [below[0]!.from, below.at(-1)!.to];
  // Between overrides the layers hold: a stretch that stands for “no override”.
  const free = (from: number, to: number) => ({ ...nobody(from, to, 'outside_hours'), source: 'rotation' as const });
  const cover: Stretch[] = [];
  let at = start;
  for (const stretch of overrides) {
    if (at < stretch.from) cover.push(free(at, stretch.from));
    cover.push(stretch);
    at = stretch.to;
  }
  if (at < end) cover.push(free(at, end));
  return layOver(below, cover, budget, (under, over) => {
    if (over.source === 'rotation') return under;
    return isMeant(over, under) ? over : under;
  });
}

/** An override made for somebody holds only where they would be on duty: gaps inside it stay gaps. */
const isMeant = (override: Stretch, under: Stretch): boolean =>
  override.replaces === null || under.claims.includes(override.replaces);

// ---------------------------------------------------------------- the result

const toShifts = (stretches: Stretch[]): Shift[] =>
  stretches.map((stretch) => ({
    from: new Date(stretch.from),
    to: new Date(stretch.to),
    userId: stretch.userId,
    source: stretch.source,
    why: stretch.why,
    blocked: blockedOf(stretch),
    replaces: stretch.replaces,
  }));
