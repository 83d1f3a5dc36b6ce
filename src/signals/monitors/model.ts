/** Monitors: when to look, what a row of results means for a place, and when places agree. Pure. */
import type { Severity } from '../model.ts';

export type MonitorState = 'up' | 'down' | 'unknown';

/** Slices of one place's work; nodes hold leases on these. */
export const SLICES = 64;
/** Results kept beside each place, newest last. */
export const RECENT = 60;

export interface Monitor {
  id: string;
  name: string;
  kind: string;
  serviceId: string | null;
  enabled: boolean;
  severity: Severity;
  intervalSeconds: number;
  timeoutSeconds: number;
  failAfter: number;
  recoverAfter: number;
  quorum: number;
  places: string[];
  spec: Record<string, unknown>;
  secretsSealed: string | null;
  slice: number;
  state: MonitorState;
  since: Date;
  reason: string;
  alerting: boolean;
  version: number;
  createdAt: Date;
}

/** What one look at one monitor from one place gave. `ok` null: it could not be looked at (no Chromium, no right to ping). */
export interface Result {
  monitorId: string;
  at: Date;
  ok: boolean | null;
  /** Milliseconds taken. */
  ms: number;
  /** In words, when not ok. */
  reason: string;
  facts: Record<string, string | number>;
  /** Looked at out of turn, to make sure of a failure: it counts for the state, not for uptime and budgets. */
  extra?: boolean | undefined;
}

/** [epoch milliseconds, milliseconds taken, 1 ok | 0 failed | -1 could not look]. */
export type RecentResult = [number, number, number];

export interface PlaceState {
  monitorId: string;
  place: string;
  state: MonitorState;
  since: Date;
  failures: number;
  successes: number;
  firstFailedAt: Date | null;
  lastAt: Date;
  lastOk: boolean | null;
  lastMs: number;
  lastReason: string;
  facts: Record<string, string | number>;
  recent: RecentResult[];
}

/** A stable number from a text (FNV-1a, 32 bits): the same on every node. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

export const sliceOf = (id: string) => hashOf(id) % SLICES;

/**
 * The next instant (epoch ms) after `after` at which a monitor is due. Each has its own moment within the interval, taken
 * from its id: a thousand monitors are spread evenly, and whichever node takes one over goes on in the same rhythm.
 */
export function nextDue(id: string, intervalSeconds: number, after: number): number {
  const interval = intervalSeconds * 1000;
  // The low bits chose the slice; these are others, so that a slice's monitors are spread too.
  const phase = (Math.imul(hashOf(id), 0x9e3779b1) >>> 0) % interval;
  return Math.floor((after - phase) / interval) * interval + interval + phase;
}

/** While a failure is not yet believed it is looked at again sooner than its interval says. */
export const confirmAfterMs = (intervalSeconds: number) => Math.min(intervalSeconds * 1000, 5000);

/** How long a result is worth something: three turns and some. After that nobody knows. */
export const worthMs = (monitor: Pick<Monitor, 'intervalSeconds' | 'timeoutSeconds'>) =>
  (3 * monitor.intervalSeconds + monitor.timeoutSeconds + 30) * 1000;

const keep = (recent: RecentResult[], result: Result): RecentResult[] =>
  [
    ...recent,
    [result.at.getTime(), Math.round(result.ms), result.ok === null ? -1 : result.ok ? 1 : 0] as RecentResult,
  ].slice(-RECENT);

/** A place after one more result. Late and repeated results change nothing. */
export function afterResult(
  before: PlaceState | undefined,
  place: string,
  result: Result,
  rules: Pick<Monitor, 'failAfter' | 'recoverAfter'>,
): PlaceState {
  if (before && result.at <= before.lastAt) return before;
  const base: PlaceState = before ?? {
    monitorId: result.monitorId,
    place,
    state: 'unknown',
    since: result.at,
    failures: 0,
    successes: 0,
    firstFailedAt: null,
    lastAt: result.at,
    lastOk: null,
    lastMs: 0,
    lastReason: '',
    facts: {},
    recent: [],
  };
  const next: PlaceState = {
    ...base,
    lastAt: result.at,
    lastOk: result.ok,
    lastMs: result.ms,
    lastReason: result.reason.slice(0, 500),
    facts: result.facts,
    recent: keep(base.recent, result),
    failures: result.ok === false ? base.failures + 1 : 0,
    successes: result.ok === true ? base.successes + 1 : 0,
    firstFailedAt: result.ok === false ? (base.firstFailedAt ?? result.at) : result.ok ? null : base.firstFailedAt,
  };
  const state = stateAfter(base.state, next, rules);
  return state === base.state ? next : { ...next, state, since: result.at };
}

function stateAfter(
  before: MonitorState,
  place: PlaceState,
  rules: Pick<Monitor, 'failAfter' | 'recoverAfter'>,
): MonitorState {
  // Not having looked is no success: it takes away "up", and never ends "down".
  if (place.lastOk === null) return before === 'down' ? 'down' : 'unknown';
  if (place.failures >= rules.failAfter) return 'down';
  if (before === 'down') return place.successes >= rules.recoverAfter ? 'up' : 'down';
  return place.successes > 0 ? 'up' : before;
}

/** As much of a place, and of a monitor, as is needed to say how it stands. */
export type Said = Pick<PlaceState, 'place' | 'state' | 'lastAt' | 'lastOk' | 'lastReason'>;
export type Standing = Pick<Monitor, 'places' | 'quorum' | 'state' | 'intervalSeconds' | 'timeoutSeconds'>;

/** What a place says now: a result that has grown old says nothing. */
export const stateNow = (
  place: Said | undefined,
  monitor: Pick<Monitor, 'intervalSeconds' | 'timeoutSeconds'>,
  now: Date,
): MonitorState => (!place || now.getTime() - place.lastAt.getTime() > worthMs(monitor) ? 'unknown' : place.state);

export interface Verdict {
  state: MonitorState;
  /** In words: what fails where. */
  reason: string;
  up: number;
  down: number;
  unknown: number;
}

/**
 * What the places of a monitor say together. Down when `quorum` of them say down. Up only when so many say up that the
 * rest could not make it down. Otherwise nobody knows, and what was down stays down.
 */
export function verdictOf(monitor: Standing, places: Said[], now: Date): Verdict {
  const said = monitor.places.map((name) => {
    const found = places.find((place) => place.place === name);
    return { found, state: stateNow(found, monitor, now) };
  });
  const count = (state: MonitorState) => said.filter((one) => one.state === state).length;
  const [up, down, unknown] = [count('up'), count('down'), count('unknown')];
  const quorum = Math.min(monitor.quorum, Math.max(1, said.length));
  const settled: MonitorState = down >= quorum ? 'down' : up > said.length - quorum ? 'up' : 'unknown';
  const state = settled === 'unknown' && monitor.state === 'down' ? 'down' : settled;
  return { state, reason: reasonOf(state, said, quorum), up, down, unknown };
}

function reasonOf(
  state: MonitorState,
  said: { found: Said | undefined; state: MonitorState }[],
  quorum: number,
): string {
  const failing = said.filter((one) => one.state === 'down').map((one) => one.found!.lastReason);
  const words = [...new Set(failing)].slice(0, 3).join('; ');
  if (state === 'down')
    return said.length > 1 && failing.length > 0 ? `${words} (${failing.length} of ${said.length} places)` : words;
  if (failing.length > 0)
    return `${failing.length} of ${said.length} places ${failing.length === 1 ? 'says' : 'say'} down, ${quorum} must agree: ${words}`;
  if (state === 'up') return '';
  const why = said.find((one) => one.found?.lastOk === null && one.found.lastReason)?.found?.lastReason;
  return why ?? (said.some((one) => one.found) ? 'No recent result' : 'Has not been looked at yet');
}

/** When it began: the first failure of those places that say down. */
export const failingSince = (places: PlaceState[]): Date | null =>
  places
    .filter((place) => place.state === 'down' && place.firstFailedAt)
    .map((place) => place.firstFailedAt!)
    .sort((a, b) => a.getTime() - b.getTime())[0] ?? null;

/** Dedup key of its alert. */
export const keyOfMonitor = (id: string) => `monitor:${id}`;

/** The start of the span of so many seconds that holds an instant. */
export const spanOf = (at: Date, seconds: number) =>
  new Date(Math.floor(at.getTime() / (seconds * 1000)) * seconds * 1000);
