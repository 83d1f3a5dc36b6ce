/** Stretches of duty laid over each other: holes by absence, upper over lower, neighbours joined. Pure. */
import { type Budget, type GapReason, type Interval, joinIntervals, type Piece, spend } from './layer.ts';

/** A piece of a layer or an override on its way to the result. */
export interface Stretch extends Piece {
  source: 'rotation' | 'override' | 'nobody';
  replaces: string | null;
  /** Everybody whose turn it would be, from the top layer down to the one who is there. */
  claims: string[];
}

/** When each person is away: sorted, apart. */
export type Away = Map<string, Interval[]>;

/** Absences by person. */
export function absencesByPerson(absences: { userId: string; from: Date; to: Date }[]): Away {
  const away: Away = new Map();
  for (const { userId, from, to } of absences)
    away.set(userId, [...(away.get(userId) ?? []), { from: from.getTime(), to: to.getTime() }]);
  for (const [userId, list] of away) away.set(userId, joinIntervals(list));
  return away;
}

/** A stretch whose person has left is a hole; where they are away, the hole is as long as they are. */
export function withoutAbsent(stretch: Stretch, isActive: (userId: string) => boolean, away: Away): Stretch[] {
  const { userId } = stretch;
  if (userId === null) return [stretch];
  const hole = (from: number, to: number, why: GapReason): Stretch => ({
    ...stretch,
    from,
    to,
    userId: null,
    source: 'nobody',
    why,
  });
  if (!isActive(userId)) return [hole(stretch.from, stretch.to, 'person_inactive')];
  const absences = away.get(userId);
  if (!absences) return [stretch];
  const parts: Stretch[] = [];
  let at = stretch.from;
  for (const absence of absences) {
    const [from, to] = [Math.max(at, absence.from), Math.min(stretch.to, absence.to)];
    if (from >= to) continue;
    if (at < from) parts.push({ ...stretch, from: at, to: from });
    parts.push(hole(from, to, 'person_away'));
    at = to;
  }
  if (at < stretch.to) parts.push({ ...stretch, from: at });
  return parts;
}

export const nobody = (from: number, to: number, why: GapReason): Stretch => ({
  from,
  to,
  userId: null,
  claimed: null,
  why,
  source: 'nobody',
  replaces: null,
  claims: [],
});

/** The reason a person can act on comes first: cover somebody, fill a rotation, and only then the hours. */
const REASONS: GapReason[] = [
  'person_away',
  'person_inactive',
  'no_participants',
  'not_started',
  'ended',
  'holiday',
  'outside_hours',
];

/** The upper layer has nobody: the lower one shows through; if it has nobody either, the weightier reason is told. */
export function fuller(under: Stretch, over: Stretch): Stretch {
  const told = under.userId || REASONS.indexOf(over.why!) > REASONS.indexOf(under.why!) ? under : over;
  if (over.claims.length === 0 || under.claims.length === 0)
    return over.claims.length + under.claims.length === told.claims.length
      ? told
      : { ...told, claims: over.claims.length > 0 ? over.claims : under.claims };
  return { ...told, claims: [...over.claims, ...under.claims] };
}

/** Two covers of the same window, cut at all their edges; `choose` says what holds in each part. */
export function layOver(
  below: Stretch[],
  above: Stretch[],
  budget: Budget,
  choose: (under: Stretch, over: Stretch) => Stretch,
): Stretch[] {
  const result: Stretch[] = [];
  let [i, j] = [0, 0];
  while (i < below.length && j < above.length) {
    spend(budget);
    const [under, over] = [below[i]!, above[j]!];
    const from = Math.max(under.from, over.from);
    const to = Math.min(under.to, over.to);
    const chosen = choose(under, over);
    result.push({ ...chosen, from, to });
    if (under.to === to) i += 1;
    if (over.to === to) j += 1;
  }
  return result;
}

/** Neighbours that say the same become one. */
export function joinEqual(stretches: Stretch[]): Stretch[] {
  const joined: Stretch[] = [];
  for (const stretch of stretches) {
    const last = joined.at(-1);
    if (last && equal(last, stretch)) last.to = stretch.to;
    else joined.push({ ...stretch });
  }
  return joined;
}

const equal = (a: Stretch, b: Stretch): boolean =>
  a.userId === b.userId &&
  a.source === b.source &&
  a.why === b.why &&
  a.replaces === b.replaces &&
  (a.userId !== null || blockedOf(a) === blockedOf(b));

/** Whose turn it would be, where they are away or have left. */
export const blockedOf = (stretch: Stretch): string | null =>
  stretch.why === 'person_away' || stretch.why === 'person_inactive' ? stretch.claimed : null;
