/** What suppliers report, when it belongs to one of our groups, and when their pages are read again. Pure. */

export type Impact = 'maintenance' | 'minor' | 'major' | 'critical';
export type SupplierState = 'unknown' | 'operational' | 'maintenance' | 'degraded' | 'outage';

/** One thing that a supplier says of itself. */
export interface Reported {
  /** Their own id of it. */
  ref: string;
  title: string;
  impact: Impact;
  /** Their word for where they are: investigating, identified, monitoring. */
  status: string;
  /** Their newest words. */
  said: string;
  components: string[];
  url: string | null;
  startedAt: Date;
  /** Null while it goes on. */
  endedAt: Date | null;
}

/** What a page said when it was read. */
export interface PageReading {
  description: string;
  /** From the page itself; undefined when only its reports say. */
  state?: SupplierState;
  reports: Reported[];
  /** Reports of this page that are missing from the list are over. False for feeds, which also drop what is old. */
  complete: boolean;
}

/** Suppliers report late and close late: so much on both sides of what they say. */
export const WINDOW_BEFORE_MS = 30 * 60_000;
export const WINDOW_AFTER_MS = 15 * 60_000;

/** True when a group was open at some time within the window of a report. */
export function overlaps(
  group: { firstAt: Date; resolvedAt: Date | null },
  report: { startedAt: Date; endedAt: Date | null },
  now: Date,
): boolean {
  const from = report.startedAt.getTime() - WINDOW_BEFORE_MS;
  const to = (report.endedAt ?? now).getTime() + WINDOW_AFTER_MS;
  return group.firstAt.getTime() <= to && (group.resolvedAt ?? now).getTime() >= from;
}

const RANK: Record<Impact, number> = { maintenance: 0, minor: 1, major: 2, critical: 3 };
export const worstImpact = (impacts: Impact[]): Impact | undefined => impacts.toSorted((a, b) => RANK[b] - RANK[a])[0];

/** The state of a supplier: the page's own word, or by the worst of what goes on. */
export function stateOf(reading: PageReading): SupplierState {
  const worst = worstImpact(reading.reports.filter(({ endedAt }) => endedAt === null).map(({ impact }) => impact));
  const byReports = worst === undefined ? 'operational' : STATE[worst];
  if (reading.state === undefined || reading.state === 'unknown') return byReports;
  return ORDER.indexOf(byReports) > ORDER.indexOf(reading.state) ? byReports : reading.state;
}
const STATE = { maintenance: 'maintenance', minor: 'degraded', major: 'outage', critical: 'outage' } as const;
const ORDER: SupplierState[] = ['unknown', 'operational', 'maintenance', 'degraded', 'outage'];

/** `major_outage`, `HASISSUES`, `downtime` … of a page as a whole. */
export function stateWord(word: string): SupplierState {
  const text = word.toLowerCase();
  if (/maint/.test(text)) return 'maintenance';
  if (/^(up|none|ok|operational|resolved)$/.test(text)) return 'operational';
  if (/critical|major|outage|down/.test(text)) return 'outage';
  if (/minor|degraded|partial|issue|disrupt|affected/.test(text)) return 'degraded';
  return 'unknown';
}

/** A supplier's word for how bad; `none` and what is not known is undefined. */
export function impactWord(word: string): Impact | undefined {
  const text = word.toLowerCase();
  if (/maint/.test(text)) return 'maintenance';
  if (/critical|full[ _]outage|major[ _]?outage|downtime|high/.test(text)) return 'critical';
  if (/major|partial[ _]?outage|outage|medium/.test(text)) return 'major';
  if (/minor|degraded|disruption|low|issue/.test(text)) return 'minor';
  return undefined;
}

/** Seconds until a page is read again: often while something of ours depends on the answer, seldom while it fails. */
export function nextReadSeconds(every: number, failures: number, watched: boolean): number {
  if (failures > 0) return Math.min(900, every * 2 ** Math.min(failures, 4));
  return watched ? Math.min(every, 60) : every;
}

/** “Payments API: Elevated errors (identified)”. */
export const headline = (supplier: string, report: Pick<Reported, 'title' | 'status' | 'endedAt'>): string =>
  `${supplier} reports: ${report.title}${report.endedAt ? ' (over)' : report.status ? ` (${report.status.replaceAll('_', ' ')})` : ''}`;
