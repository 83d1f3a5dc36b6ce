/** What the times of an incident say: each measure, what it leaves out and why, and honest statistics over many. Pure. */

/** The instants of one incident that any measure reads. `null` means "not known" or "did not happen", never zero. */
export interface Case {
  incidentId: string;
  key: string;
  title: string;
  severity: number;
  detectedBy: 'monitor' | 'person' | 'customer' | null;
  impactStartedAt: Date | null;
  detectedAt: Date | null;
  declaredAt: Date | null;
  firstPagedAt: Date | null;
  firstAckedAt: Date | null;
  commanderAt: Date | null;
  containmentStartedAt: Date | null;
  containedAt: Date | null;
  impactEndedAt: Date | null;
  restoredAt: Date | null;
  firstPublicAt: Date | null;
}

export type MeasureId = 'ttd' | 'tta' | 'tte' | 'ttc' | 'containment' | 'ttm' | 'ttr' | 'ttn';
/** One case seen by one measure: whole minutes with two decimals, or the reason why it has no number. */
export type Reading = { minutes: number; note?: 'before_impact' } | { absent: string } | { outside: string };

interface Measure {
  id: MeasureId;
  name: string;
  from: string;
  to: string;
  /** What a reader must know to read the number rightly. */
  note: string;
  read(c: Case): Reading;
}

const MINUTE = 60_000;

/** Minutes between two instants; a missing one makes the case absent, with the name of what is missing. */
function between(from: Date | null, to: Date | null, missingFrom: string, missingTo: string): Reading {
  if (!from) return { absent: missingFrom };
  if (!to) return { absent: missingTo };
  return { minutes: Math.round(((to.getTime() - from.getTime()) / MINUTE) * 100) / 100 };
}

const noImpactStart = 'the start of the impact is not known';
const notDetected = 'the time of detection is not known';

/** Time to detect. Caught before any impact counts as 0 and is listed as such: that is a success, not a negative number. */
function timeToDetect(c: Case): Reading {
  const reading = between(c.impactStartedAt, c.detectedAt, noImpactStart, notDetected);
  return 'minutes' in reading && reading.minutes < 0 ? { minutes: 0, note: 'before_impact' } : reading;
}

/** Time to engage is a promise for SEV1 and SEV2 only: smaller ones need no commander. */
function timeToEngage(c: Case): Reading {
  if (c.severity > 2) return { outside: 'SEV1 and SEV2 only' };
  return between(c.declaredAt, c.commanderAt, 'not declared', 'nobody took command');
}

/** Every measure, in the order people read them: the life of an incident from its start. */
export const measures: readonly Measure[] = [
  {
    id: 'ttd',
    name: 'Time to detect',
    from: 'impact started',
    to: 'first linked signal or report',
    note: 'Caught before any impact counts as 0.',
    read: timeToDetect,
  },
  {
    id: 'tta',
    name: 'Time to acknowledge',
    from: 'first page sent',
    to: 'first person acknowledged',
    note: 'Without a page there is nothing to acknowledge: such incidents are left out and counted.',
    read: (c) => between(c.firstPagedAt, c.firstAckedAt, 'nobody was paged', 'ended before anybody acknowledged'),
  },
  {
    id: 'tte',
    name: 'Time to engage',
    from: 'declared',
    to: 'commander assigned',
    note: 'SEV1 and SEV2.',
    read: timeToEngage,
  },
  {
    id: 'ttc',
    name: 'Time to contain',
    from: 'detected',
    to: 'contained',
    note: 'After a relapse the later containment counts.',
    read: (c) => between(c.detectedAt, c.containedAt, notDetected, 'no containment on record'),
  },
  {
    id: 'containment',
    name: 'Containment duration',
    from: 'first containment action started',
    to: 'contained',
    note: 'Computed from the actions on record, never typed.',
    read: (c) =>
      between(c.containmentStartedAt, c.containedAt, 'no containment action on record', 'no containment on record'),
  },
  {
    id: 'ttm',
    name: 'Customer impact',
    from: 'impact started',
    to: 'impact ended',
    note: 'A degraded mode ends the impact only when the journey is back inside its objective.',
    read: (c) => between(c.impactStartedAt, c.impactEndedAt, noImpactStart, 'the end of the impact is not known'),
  },
  {
    id: 'ttr',
    name: 'Time to recover',
    from: 'impact started',
    to: 'restored',
    note: 'Includes the verification.',
    read: (c) => between(c.impactStartedAt, c.restoredAt, noImpactStart, 'not restored yet'),
  },
  {
    id: 'ttn',
    name: 'Time to notify',
    from: 'declared',
    to: 'first public update',
    note: 'Incidents that customers were told about.',
    read: (c) => between(c.declaredAt, c.firstPublicAt, 'not declared', 'no public update'),
  },
];

/** All measures of one case, as a review shows them. */
export function readCase(c: Case): Record<MeasureId, Reading> {
  return Object.fromEntries(measures.map((measure) => [measure.id, measure.read(c)])) as Record<MeasureId, Reading>;
}

/** Under this many cases a median says more than is known: only the dots are shown. */
export const ENOUGH_FOR_A_MEDIAN = 5;

/** Quantile after Hyndman and Fan, type 7 (the default of R and NumPy): linear between order statistics. */
export function quantile(sorted: readonly number[], p: number): number {
  if (sorted.length === 0) throw new RangeError('a quantile of nothing does not exist');
  const position = (sorted.length - 1) * p;
  const below = Math.floor(position);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (position - below);
}

export interface Summary {
  n: number;
  median: number | null;
  p75: number | null;
  p90: number | null;
  p95: number | null;
}

const twoDecimals = (value: number) => Math.round(value * 100) / 100;

/** What may be said about these minutes: nothing but n under five, p90 from ten, p95 from twenty. No mean: it misleads. */
export function summarise(minutes: readonly number[]): Summary {
  const sorted = [...minutes].sort((a, b) => a - b);
  const n = sorted.length;
  const from = (least: number, p: number) => (n >= least ? twoDecimals(quantile(sorted, p)) : null);
  return {
    n,
    median: from(ENOUGH_FOR_A_MEDIAN, 0.5),
    p75: from(ENOUGH_FOR_A_MEDIAN, 0.75),
    p90: from(10, 0.9),
    p95: from(20, 0.95),
  };
}

export interface Dot {
  incidentId: string;
  key: string;
  title: string;
  severity: number;
  minutes: number;
  note?: 'before_impact';
}

export interface Report {
  id: MeasureId;
  name: string;
  from: string;
  to: string;
  note: string;
  summary: Summary;
  dots: Dot[];
  leftOut: { incidentId: string; key: string; reason: string }[];
}

/** One measure over many cases: every dot, the summary the number of dots allows, and who is left out for which reason. */
export function report(measure: Measure, cases: readonly Case[]): Report {
  const dots: Dot[] = [];
  const leftOut: Report['leftOut'] = [];
  for (const c of cases) {
    const reading = measure.read(c);
    if ('outside' in reading) continue;
    if ('absent' in reading) leftOut.push({ incidentId: c.incidentId, key: c.key, reason: reading.absent });
    else dots.push({ incidentId: c.incidentId, key: c.key, title: c.title, severity: c.severity, ...reading });
  }
  const { id, name, from, to, note } = measure;
  return { id, name, from, to, note, summary: summarise(dots.map((dot) => dot.minutes)), dots, leftOut };
}
