/** From normal events to alerts and groups, in the caller's transaction: lock, read, decide (model.ts), write, announce. */
import { type Service, serviceById, serviceCandidates, servicesByNames } from '#catalog';
import { type Ctx, sha256hex } from '#kernel';
import { announce } from './announce.ts';
import { LIMITS } from './ingest/text.ts';
import {
  absorb,
  type Alert,
  applyEvent,
  type Effect,
  effectOf,
  type Group,
  type NormalEvent,
  settle,
} from './model.ts';
import { matchable, type Silence, silencedBy } from './silences/model.ts';
import { liveSilences } from './silences/store.ts';
import {
  alertsByFingerprint,
  insertGroup,
  lockGroups,
  lockKeys,
  newAlertId,
  newGroupId,
  type Occurrence,
  type Scope,
  saveAlerts,
  saveGroup,
  saveOccurrences,
} from './store.ts';

/** The signal that brought the events. */
export interface Origin {
  signalId: string;
  integrationId: string;
  /** Service of the integration, for events that name none that is known. */
  serviceId: string | null;
  test: boolean;
  mayPage: boolean;
}

interface Item {
  event: NormalEvent;
  fingerprint: string;
  serviceId: string | null;
  groupKey: string;
}

/** A group as it was and as it becomes while the events of one post are applied. */
interface Page {
  before: Group | undefined;
  now: Group;
  acknowledged: boolean;
  released: boolean;
  /** A firing alert that no silence hides. */
  loud: boolean;
  /** The silence that hides one. */
  silence: string | null;
  description: string;
}

interface Books {
  alerts: Map<string, Alert>;
  touched: Set<string>;
  groups: Map<string, Page>;
  /** Open group of a key, for new alerts. */
  open: Map<string, string>;
  occurrences: Occurrence[];
  silences: Silence[];
}

const unheard = { loud: false, silence: null, description: '' };

/** Applies the events of one signal. Everything or nothing: the caller's transaction decides. */
export async function processEvents(ctx: Ctx, origin: Origin, events: NormalEvent[]): Promise<void> {
  const scope: Scope = { integrationId: origin.integrationId, test: origin.test, exercise: ctx.exercise };
  const items = await itemsOf(ctx, origin, events);
  const fingerprints = [...new Set(items.map((item) => item.fingerprint))];
  const groupKeys = [...new Set(items.filter((item) => item.event.action === 'trigger').map((item) => item.groupKey))];
  await lockKeys(ctx, scope, [...fingerprints, ...groupKeys]);
  const books = await openBooks(ctx, scope, fingerprints, groupKeys);
  items.forEach((item, n) => {
    enter(ctx, books, origin, item, n);
  });
  await write(ctx, books, origin);
}

async function openBooks(ctx: Ctx, scope: Scope, fingerprints: string[], groupKeys: string[]): Promise<Books> {
  let alerts = await alertsByFingerprint(ctx, scope, fingerprints);
  const groups = await lockGroups(
    ctx,
    scope,
    [...new Set([...alerts.values()].map((alert) => alert.groupId))],
    groupKeys,
  );
  // While we waited for a group, a person may have resolved it with its alerts.
  if (alerts.size > 0) alerts = await alertsByFingerprint(ctx, scope, fingerprints);
  const windowStart = ctx.now.getTime() - 5 * 60_000;
  const joinable = groups.filter(
    (group) => group.state !== 'resolved' && (!group.windowed || group.firstAt.getTime() > windowStart),
  );
  return {
    alerts,
    touched: new Set(),
    groups: new Map(
      groups.map((group) => [
        group.id,
        { before: group, now: group, acknowledged: false, released: false, ...unheard },
      ]),
    ),
    open: new Map(joinable.map((group) => [group.groupKey, group.id])),
    occurrences: [],
    silences: await liveSilences(ctx, scope.integrationId),
  };
}

/** Applies one event to the books. */
function enter(ctx: Ctx, books: Books, origin: Origin, item: Item, n: number): void {
  const { event, fingerprint } = item;
  const known = books.alerts.get(fingerprint);
  const effect = possible(books, item, known, effectOf(event, known, ctx.now));
  const alert =
    effect === 'opened'
      ? openAlert(ctx, books, origin, item)
      : known && applyEvent(known, event, effect, origin.signalId, ctx.now);
  books.occurrences.push({
    n,
    alertId: effect === 'nothing' ? null : (alert?.id ?? null),
    effect,
    dedupKey: event.key.slice(0, LIMITS.key),
  });
  if (!alert || effect === 'nothing') return;
  const page = books.groups.get(alert.groupId)!;
  page.now = absorb(page.now, effect, alert, ctx.now);
  if (effect === 'acknowledged') page.acknowledged = true;
  else if (effect === 'unacknowledged') page.released = true;
  else {
    books.alerts.set(fingerprint, alert);
    books.touched.add(fingerprint);
    page.description ||= alert.description;
    if (event.action !== 'trigger') return;
    const silence = silencedBy(books.silences, matchable(alert), ctx.now);
    if (silence) page.silence ??= silence.id;
    else page.loud = true;
  }
}

/** A returning alert whose group is over, while its source opened a newer group of the same key, belongs to the newer one. */
function possible(books: Books, item: Item, alert: Alert | undefined, effect: Effect): Effect {
  if (effect !== 'reopened' || !alert) return effect;
  const own = books.groups.get(alert.groupId);
  const newer = books.open.get(item.groupKey);
  return own?.now.state === 'resolved' && newer !== undefined && newer !== alert.groupId ? 'opened' : effect;
}

function openAlert(ctx: Ctx, books: Books, origin: Origin, item: Item): Alert {
  const { event } = item;
  const groupId = books.open.get(item.groupKey) ?? openGroup(ctx, books, origin, item);
  return {
    id: newAlertId(),
    integrationId: origin.integrationId,
    groupId,
    fingerprint: item.fingerprint,
    dedupKey: event.key.slice(0, LIMITS.key),
    serviceId: item.serviceId,
    title: event.title || `Alert ${event.key.slice(0, 100)}`,
    severity: event.severity,
    state: 'firing',
    description: event.description,
    source: event.source,
    labels: event.labels,
    details: event.details,
    links: event.links,
    marks: event.marks,
    count: 1,
    flaps: 0,
    firstAt: ctx.now,
    lastAt: ctx.now,
    resolvedAt: null,
    resolvedBy: null,
    startedAt: event.startedAt,
    endedAt: null,
    expiresAt: event.expiresAt ?? null,
    lastSignalId: origin.signalId,
    test: origin.test,
    exercise: ctx.exercise,
  };
}

function openGroup(ctx: Ctx, books: Books, origin: Origin, item: Item): string {
  const { event } = item;
  const group: Group = {
    id: newGroupId(),
    integrationId: origin.integrationId,
    groupKey: item.groupKey,
    windowed: event.group === null,
    serviceId: item.serviceId,
    title: event.group?.title || event.title || `Alert ${event.key.slice(0, 100)}`,
    severity: event.severity,
    state: 'open',
    alertCount: 0,
    firingCount: 0,
    eventCount: 0,
    flaps: 0,
    firstAt: ctx.now,
    lastAt: ctx.now,
    acknowledgedAt: null,
    acknowledgedBy: null,
    acknowledgedVia: null,
    resolvedAt: null,
    resolvedBy: null,
    incidentId: null,
    incidentKey: null,
    pageId: null,
    suppressedBy: null,
    test: origin.test,
    exercise: ctx.exercise,
  };
  books.groups.set(group.id, { before: undefined, now: group, acknowledged: false, released: false, ...unheard });
  books.open.set(item.groupKey, group.id);
  return group.id;
}

async function write(ctx: Ctx, books: Books, origin: Origin): Promise<void> {
  const changed = [...books.groups.values()].filter(
    (page) => page.now !== page.before || page.acknowledged || page.released,
  );
  const settled = changed.map((page) => ({
    before: page.before,
    description: page.description,
    silence: page.loud ? null : page.silence,
    loud: page.loud,
    ...unlessHidden(page, settle(page.before, page.now, page.acknowledged, ctx.now, page.released)),
  }));
  for (const { before, group } of settled) await (before ? saveGroup(ctx, group) : insertGroup(ctx, group));
  await saveAlerts(
    ctx,
    [...books.touched].map((fingerprint) => books.alerts.get(fingerprint)!),
  );
  await saveOccurrences(ctx, origin.signalId, books.occurrences);
  for (const item of settled) await announce(ctx, item, origin.mayPage);
}

/** A silenced alert that makes its group worse takes it from nobody. */
function unlessHidden(page: Page, settled: ReturnType<typeof settle>): ReturnType<typeof settle> {
  if (settled.turn !== 'worse' || page.loud || !page.silence || !page.before) return settled;
  const { state, acknowledgedAt, acknowledgedBy, acknowledgedVia } = page.before;
  return { turn: 'unchanged', group: { ...settled.group, state, acknowledgedAt, acknowledgedBy, acknowledgedVia } };
}

/** Each event with its identity, its service (label or hint first, then the integration's own) and the group it would open. */
async function itemsOf(ctx: Ctx, origin: Origin, events: NormalEvent[]): Promise<Item[]> {
  const candidates = events.map((event) => serviceCandidates({ service: event.service, labels: event.labels }));
  const known = await servicesByNames(ctx, [...new Set(candidates.flat())]);
  const own: Service | undefined = origin.serviceId ? await serviceById(ctx, origin.serviceId) : undefined;
  return events.map((event, n) => {
    const service = candidates[n]?.map((name) => known.get(name)).find((found) => found !== undefined) ?? own;
    return {
      event,
      fingerprint: event.fingerprint ?? sha256hex(event.key),
      serviceId: service?.id ?? null,
      groupKey: event.group ? `source:${event.group.key}` : `window:${service?.id ?? 'none'}`,
    };
  });
}
