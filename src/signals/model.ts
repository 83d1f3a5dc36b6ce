/** Signals, alerts and groups: types and the rules that move them. Pure: no I/O, no clock, no random. */

import type { Held, Routed } from './held.ts';
import { rises } from './severity.ts';

export type { Held, Routed };
export { priorityOf, rises, severityOf, urgencyOf } from './severity.ts';

export type Severity = 'critical' | 'error' | 'warning' | 'info';
export type AlertState = 'firing' | 'resolved';
export type GroupState = 'open' | 'acknowledged' | 'resolved';
/** Who ended it: the source sent a resolve, a person did, or the exercise ended. */
export type ResolvedBy = 'source' | 'person';
/** What one event did to its alert. `nothing`: a resolve or acknowledge that met no firing alert. */
export type Effect =
  | 'opened'
  | 'repeated'
  | 'reopened'
  | 'refreshed'
  | 'resolved'
  | 'acknowledged'
  | 'unacknowledged'
  | 'noted'
  | 'nothing';

export const SEVERITIES: Severity[] = ['critical', 'error', 'warning', 'info'];

export interface Link {
  href: string;
  text: string;
}

/** The one internal shape of what any source says (wire-apis, head). */
export interface NormalEvent {
  action: 'trigger' | 'acknowledge' | 'unacknowledge' | 'resolve';
  /** Dedup key, unique within the integration. */
  key: string;
  /** Its identity, when the alert was found by something else than its key. */
  fingerprint?: string;
  /** Sent again and again while it fires: seen, not counted. */
  refresh?: boolean;
  /** A resolve of ours, because it was not sent again: nothing when it was, meanwhile. */
  ifExpired?: boolean;
  /** It counts as resolved then, unless it is sent again. */
  expiresAt?: Date | null;
  title: string;
  severity: Severity;
  description: string;
  /** What reported it: a host, a Prometheus, a region. */
  source: string;
  /** Explicit name of a service, when the source has one. */
  service: string | null;
  labels: Record<string, string>;
  /** Whatever else the source sent, as data. */
  details: Record<string, unknown>;
  links: Link[];
  startedAt: Date | null;
  endedAt: Date | null;
  /** The source's own grouping; null lets the product group by service and time. */
  group: { key: string; title: string } | null;
  /** What was changed or assumed on the way in: `sanitized`, `cut:title`, `time_unusable`, `severity_assumed` … */
  marks: string[];
}

export interface Alert {
  id: string;
  integrationId: string;
  dedupKey: string;
  /** SHA-256 of the full key: identity within the integration. */
  fingerprint: string;
  groupId: string;
  serviceId: string | null;
  title: string;
  severity: Severity;
  state: AlertState;
  description: string;
  source: string;
  labels: Record<string, string>;
  details: Record<string, unknown>;
  links: Link[];
  marks: string[];
  /** Triggers received, exactly. */
  count: number;
  /** Times it came back within the flap window. */
  flaps: number;
  firstAt: Date;
  lastAt: Date;
  resolvedAt: Date | null;
  resolvedBy: ResolvedBy | null;
  /** The source's own times, when usable. Never used for escalation. */
  startedAt: Date | null;
  endedAt: Date | null;
  /** Its source must send it again until then. */
  expiresAt: Date | null;
  lastSignalId: string;
  test: boolean;
  exercise: boolean;
}

export interface Group {
  id: string;
  integrationId: string;
  groupKey: string;
  /** Grouped by service and time here, not by the source. */
  windowed: boolean;
  serviceId: string | null;
  title: string;
  severity: Severity;
  state: GroupState;
  alertCount: number;
  firingCount: number;
  /** Triggers received by all its alerts. */
  eventCount: number;
  flaps: number;
  firstAt: Date;
  lastAt: Date;
  acknowledgedAt: Date | null;
  acknowledgedBy: string | null;
  acknowledgedVia: string | null;
  resolvedAt: Date | null;
  resolvedBy: string | null;
  incidentId: string | null;
  incidentKey: string | null;
  pageId: string | null;
  /** The silence that kept people from being asked. */
  suppressedBy: string | null;
  /** The earliest beginning that the sources of its alerts gave. */
  startedAt: Date | null;
  /** The case with one probable cause that it stands in. */
  correlationId: string | null;
  /** Why nobody is asked although it fires. */
  held: Held | null;
  /** What a rule decided about whom to ask. */
  routed: Routed | null;
  /** Sent by the test button: never pages unless asked, never declares. */
  test: boolean;
  exercise: boolean;
}

/** A trigger this soon after its own resolve reopens the same alert instead of opening a new one (bad-input row 19). */
export const FLAP_WINDOW_MS = 5 * 60_000;
/** After so many returns a group is flapping: it waits for a whole quiet window before it resolves. */
export const FLAPPING_AFTER = 3;
/** Paging stops this long after the source resolved, so that a bounce of milliseconds continues the same page. */
export const STOP_GRACE_MS = 5_000;
/** New alerts of one service join a group for this long after its first alert, when the source has no grouping of its own. */
export const GROUP_WINDOW_MS = 5 * 60_000;

/** True when `a` is worse than `b`. */
export const worse = (a: Severity, b: Severity) => SEVERITIES.indexOf(a) < SEVERITIES.indexOf(b);
export const worst = (a: Severity, b: Severity): Severity => (worse(a, b) ? a : b);

/**
 * What an event does to the newest alert of its key.
 * - trigger: counts on a firing alert; reopens one that its source resolved within the flap window; else opens a new one;
 * - resolve, acknowledge: act on a firing alert; anything else is recorded and changes nothing (rows 18, 20 of the wire rules).
 */
export function effectOf(
  event: Pick<NormalEvent, 'action' | 'refresh' | 'ifExpired'>,
  alert: (Pick<Alert, 'state' | 'resolvedAt' | 'resolvedBy'> & Partial<Pick<Alert, 'expiresAt'>>) | undefined,
  now: Date,
): Effect {
  const firing = alert?.state === 'firing';
  if (event.ifExpired && !(alert?.expiresAt && alert.expiresAt <= now)) return 'nothing';
  if (event.action === 'resolve') return firing ? 'resolved' : 'nothing';
  if (event.action === 'acknowledge') return firing ? 'acknowledged' : 'nothing';
  if (event.action === 'unacknowledge') return firing ? 'unacknowledged' : 'nothing';
  if (firing) return event.refresh ? 'refreshed' : 'repeated';
  return alert && bounced(alert, now) ? 'reopened' : 'opened';
}

function bounced(alert: Pick<Alert, 'resolvedAt' | 'resolvedBy'>, now: Date): boolean {
  if (alert.resolvedBy !== 'source' || !alert.resolvedAt) return false;
  return now.getTime() - alert.resolvedAt.getTime() < FLAP_WINDOW_MS;
}

/** The alert after an event that came so many times. `opened` is not handled here: a new alert is made by the caller. */
export function applyEvent(
  alert: Alert,
  event: NormalEvent,
  effect: Effect,
  signalId: string,
  now: Date,
  times = 1,
): Alert {
  if (untouched(effect)) return alert;
  if (effect === 'resolved') {
    return {
      ...alert,
      state: 'resolved',
      resolvedAt: now,
      resolvedBy: 'source',
      endedAt: event.endedAt,
      lastAt: now,
      lastSignalId: signalId,
    };
  }
  return {
    ...alert,
    state: 'firing',
    resolvedAt: null,
    resolvedBy: null,
    endedAt: null,
    expiresAt: event.expiresAt ?? null,
    count: alert.count + (effect === 'refreshed' ? 0 : times),
    flaps: alert.flaps + (effect === 'reopened' ? 1 : 0),
    lastAt: now,
    lastSignalId: signalId,
    title: event.title,
    severity: event.severity,
    description: event.description,
    labels: event.labels,
    details: event.details,
    links: event.links,
    marks: event.marks,
  };
}

/** The group after one of its alerts changed, so many times alike. State is settled afterwards by `settle`. */
export function absorb(group: Group, effect: Effect, alert: Alert, now: Date, times = 1): Group {
  if (untouched(effect)) return group;
  const firing =
    group.firingCount + (effect === 'resolved' ? -1 : effect === 'repeated' || effect === 'refreshed' ? 0 : 1);
  return {
    ...group,
    alertCount: group.alertCount + (effect === 'opened' ? 1 : 0),
    firingCount: Math.max(0, firing),
    eventCount: group.eventCount + (effect === 'resolved' || effect === 'refreshed' ? 0 : times),
    flaps: group.flaps + (effect === 'reopened' ? 1 : 0),
    severity: effect === 'resolved' ? group.severity : worst(group.severity, alert.severity),
    // Grouped by time alone, it is called after its worst alert; a source's own group keeps its name.
    title: group.windowed && effect !== 'resolved' && worse(alert.severity, group.severity) ? alert.title : group.title,
    serviceId: group.serviceId ?? alert.serviceId,
    startedAt: earlier(group.startedAt, alert.startedAt),
    lastAt: now,
  };
}

const earlier = (a: Date | null, b: Date | null): Date | null => (a && b ? (b < a ? b : a) : (a ?? b));

/** Effects that say something about people, not about the alert. */
const untouched = (effect: Effect) =>
  effect === 'nothing' || effect === 'acknowledged' || effect === 'unacknowledged' || effect === 'noted';

export type Turn =
  'opened' | 'reopened' | 'resolved' | 'resolve_held' | 'worse' | 'acknowledged' | 'released' | 'unchanged';

/**
 * The group's state after a batch, and what that means for people. The reason is returned, not a boolean:
 * `resolve_held` = all alerts are resolved, but it has been flapping and waits for a quiet window;
 * `worse` = its urgency rose, so whoever acknowledged the milder one is asked again;
 * `released` = whoever had it gave it back at its source, so people are asked anew.
 */
export function settle(
  before: Group | undefined,
  after: Group,
  acknowledged: boolean,
  now: Date,
  released = false,
): { group: Group; turn: Turn } {
  const quiet = after.firingCount === 0;
  if (!before) return opened(after, quiet, acknowledged, now);
  if (before.state === 'resolved') {
    if (quiet) return { group: after, turn: 'unchanged' };
    const group = { ...after, resolvedAt: null, resolvedBy: null };
    // Within the grace the page was never stopped, and whoever had it still has it. Later, people are asked anew.
    if (before.acknowledgedAt && withinGrace(before, now))
      return { group: { ...group, state: 'acknowledged' }, turn: 'reopened' };
    return { group: { ...group, state: 'open', ...nobody }, turn: 'reopened' };
  }
  if (quiet) {
    if (after.flaps >= FLAPPING_AFTER) return { group: after, turn: 'resolve_held' };
    return { group: resolved(after, 'source', now), turn: 'resolved' };
  }
  if (rises(before.severity, after.severity)) {
    return { group: { ...after, state: 'open', ...nobody }, turn: 'worse' };
  }
  if (released && !acknowledged && before.state === 'acknowledged')
    return { group: { ...after, state: 'open', ...nobody }, turn: 'released' };
  if (acknowledged && before.state === 'open') return { group: ackBySource(after, now), turn: 'acknowledged' };
  return { group: after, turn: 'unchanged' };
}

const nobody = { acknowledgedAt: null, acknowledgedBy: null, acknowledgedVia: null };

/** True while paging for a group that its source resolved has not been stopped yet. */
export const withinGrace = (group: Pick<Group, 'resolvedAt' | 'resolvedBy'>, now: Date) =>
  group.resolvedBy === 'source' &&
  group.resolvedAt !== null &&
  now.getTime() - group.resolvedAt.getTime() < STOP_GRACE_MS;

function opened(group: Group, quiet: boolean, acknowledged: boolean, now: Date): { group: Group; turn: Turn } {
  if (quiet) return { group: resolved(group, 'source', now), turn: 'opened' };
  return { group: acknowledged ? ackBySource(group, now) : group, turn: 'opened' };
}

const ackBySource = (group: Group, now: Date): Group => ({
  ...group,
  state: 'acknowledged',
  acknowledgedAt: now,
  acknowledgedBy: null,
  acknowledgedVia: 'source',
});

/** The group, resolved by its source, by the product after a quiet window, or by a person (their id). */
export const resolved = (group: Group, by: string, now: Date): Group => ({
  ...group,
  state: 'resolved',
  resolvedAt: now,
  resolvedBy: by,
});

/** True while a group has come back often enough to be called flapping. */
export const isFlapping = (group: Pick<Group, 'flaps' | 'state'>) =>
  group.flaps >= FLAPPING_AFTER && group.state !== 'resolved';
