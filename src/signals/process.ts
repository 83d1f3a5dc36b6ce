/** From normal events to alerts and groups, in the caller's transaction: lock, read, decide (model.ts), write, announce. */
import { type Service, serviceById, serviceCandidates, servicesByNames } from '#catalog';
import { type Ctx, sha256hex } from '#kernel';
import { foreseePages } from '#people';
import { type Books, writeBooks } from './books.ts';
import { placeOpening } from './correlation/place.ts';
import { takeForetold } from './foretold.ts';
import { LIMITS } from './ingest/text.ts';
import {
  absorb,
  type Alert,
  applyEvent,
  type Effect,
  effectOf,
  GROUP_WINDOW_MS,
  type Group,
  type Held,
  type NormalEvent,
  type Routed,
} from './model.ts';
import { applyRules, longestWindow } from './rules/apply.ts';
import { insertInhibitors, liveRules } from './rules/store.ts';
import { type Silence, silencedBy } from './silences/model.ts';
import { liveSilences } from './silences/store.ts';
import { alertsByFingerprint, lockGroups, lockKeys, newAlertId, newGroupId, type Scope } from './store.ts';

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
  origin: Origin;
  event: NormalEvent;
  /** Its place in its signal. */
  n: number;
  /** The very same came so many times more, with nothing else about this alert in between; the last of them. */
  more: { times: number; origin: Origin; n: number } | null;
  fingerprint: string;
  serviceId: string | null;
  groupKey: string;
  /** How long new alerts join its group; null as long as it is open. */
  windowMs: number | null;
  /** What a rule decided about whom to ask. */
  routed: Routed | null;
  /** Why nobody is asked about it. */
  muted: Held | null;
  /** Rules by which it inhibits others. */
  inhibits: { ruleId: string; equalKey: string }[];
}

const unheard = {
  acknowledged: false,
  released: false,
  loud: false,
  silence: null,
  muted: null,
  hold: null,
  description: '',
  mayPage: false,
};

/** What one signal brought. */
export interface Brought {
  origin: Origin;
  events: NormalEvent[];
}

/** Applies the events of one signal. Everything or nothing: the caller's transaction decides. */
export const processEvents = async (ctx: Ctx, origin: Origin, events: NormalEvent[]): Promise<void> =>
  processAll(ctx, [{ origin, events }]);

/**
 * Applies the events of several signals of one integration, in their order, with the locks, reads and writes of one.
 * `merge`: what many of them did alike to one alert is one line.
 */
export async function processAll(ctx: Ctx, brought: Brought[], merge = false): Promise<void> {
  const [first] = brought;
  if (!first) return;
  const { integrationId, test } = first.origin;
  const scope: Scope = { integrationId, test, exercise: ctx.exercise };
  const silences = liveSilences(ctx, integrationId);
  silences.catch(() => {});
  const rules = liveRules(ctx);
  rules.catch(() => {});
  const { items, services } = await itemsOf(ctx, brought);
  await applyRules(ctx, await rules, items, services);
  const { fingerprints, groupKeys } = keysOfItems(items);
  const told = takeForetold(ctx, scope, fingerprints, groupKeys);
  if (!told) await lockKeys(ctx, scope, [...fingerprints, ...groupKeys]);
  const policies = [...services.values()].flatMap(({ policyId }) => policyId ?? []);
  // Asked together with the locks, as most new alerts page somebody.
  if (groupKeys.length > 0) foreseePages(ctx, policies);
  const asked =
    told ??
    Promise.all([
      lockGroups(ctx, scope, fingerprints, groupKeys, longestWindow(items)),
      alertsByFingerprint(ctx, scope, fingerprints),
    ]);
  const books = openBooks(ctx, items, await asked, await silences);
  books.services = services;
  for (const item of items) {
    enter(ctx, books, item, 1);
    // The second time finds what the first has made.
    if (item.more) enter(ctx, books, { ...item, ...item.more }, item.more.times);
  }
  await placeOpening(ctx, books);
  await writeBooks(ctx, books, merge);
  await insertInhibitors(ctx, books.inhibitors);
}

const keysOfItems = (items: Item[]) => ({
  fingerprints: [...new Set(items.map((item) => item.fingerprint))],
  groupKeys: [...new Set(items.filter((item) => item.event.action === 'trigger').map((item) => item.groupKey))],
});

/** The keys that `processAll` will lock for these; undefined where rules decide, which may have to ask for more. */
export async function keysOf(ctx: Ctx, brought: Brought[]) {
  if ((await liveRules(ctx)).length > 0) return undefined;
  const { items } = await itemsOf(ctx, brought);
  const { integrationId = '', test = false } = brought[0]?.origin ?? {};
  return { scope: { integrationId, test, exercise: ctx.exercise }, ...keysOfItems(items) };
}

function openBooks(
  ctx: Ctx,
  items: Item[],
  [groups, alerts]: [Group[], Map<string, Alert>],
  silences: Silence[],
): Books {
  const windows = new Map(items.map(({ groupKey, windowMs }) => [groupKey, windowMs ?? GROUP_WINDOW_MS]));
  const windowStart = (key: string) => ctx.now.getTime() - (windows.get(key) ?? GROUP_WINDOW_MS);
  const joinable = groups.filter(
    (group) => group.state !== 'resolved' && (!group.windowed || group.firstAt.getTime() > windowStart(group.groupKey)),
  );
  return {
    before: new Map(alerts),
    alerts,
    groups: new Map(groups.map((group) => [group.id, { before: group, now: group, ...unheard }])),
    open: new Map(joinable.map((group) => [group.groupKey, group.id])),
    occurrences: [],
    inhibitors: [],
    silences,
    services: new Map(),
  };
}

/** Applies one event, which came so many times, to the books. */
function enter(ctx: Ctx, books: Books, item: Item, times: number): void {
  const { event, fingerprint, origin, n } = item;
  const known = books.alerts.get(fingerprint);
  const effect = possible(books, item, known, effectOf(event, known, ctx.now));
  const alert =
    effect === 'opened'
      ? openAlert(ctx, books, item)
      : known && applyEvent(known, event, effect, origin.signalId, ctx.now, times);
  books.occurrences.push({
    signalId: origin.signalId,
    n,
    alertId: effect === 'nothing' ? null : (alert?.id ?? null),
    effect,
    dedupKey: event.key.slice(0, LIMITS.key),
    times,
  });
  if (!alert || effect === 'nothing') return;
  if (event.action === 'trigger' && effect !== 'repeated' && effect !== 'refreshed')
    books.inhibitors.push(...item.inhibits.map((one) => ({ ...one, alertId: alert.id })));
  const page = books.groups.get(alert.groupId)!;
  page.now = absorb(page.now, effect, alert, ctx.now, times);
  page.mayPage ||= origin.mayPage;
  if (effect === 'acknowledged') page.acknowledged = true;
  else if (effect === 'unacknowledged') page.released = true;
  else {
    books.alerts.set(fingerprint, alert);
    page.description ||= alert.description;
    if (event.action !== 'trigger') return;
    const silence = books.silences.length > 0 ? silencedBy(books.silences, alert, ctx.now) : undefined;
    if (silence) page.silence ??= silence.id;
    else if (item.muted) page.muted ??= item.muted;
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

function openAlert(ctx: Ctx, books: Books, item: Item): Alert {
  const { event, origin } = item;
  const groupId = books.open.get(item.groupKey) ?? openGroup(ctx, books, item);
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

function openGroup(ctx: Ctx, books: Books, item: Item): string {
  const { event, origin } = item;
  const group: Group = {
    id: newGroupId(),
    integrationId: origin.integrationId,
    groupKey: item.groupKey,
    windowed: item.windowMs !== null,
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
    startedAt: null,
    correlationId: null,
    held: null,
    routed: item.routed,
    test: origin.test,
    exercise: ctx.exercise,
  };
  books.groups.set(group.id, { before: undefined, now: group, ...unheard });
  books.open.set(item.groupKey, group.id);
  return group.id;
}

const named = new WeakMap<NormalEvent, string[]>();
function candidatesOf(event: NormalEvent): string[] {
  let known = named.get(event);
  if (known === undefined)
    named.set(event, (known = serviceCandidates({ service: event.service, labels: event.labels })));
  return known;
}

/** The identity of the alert that an event is about, within its integration. */
export function fingerprintOfEvent(event: NormalEvent): string {
  if (event.fingerprint !== undefined) return event.fingerprint;
  // The reading of bytes that come again and again is one object: worked out once.
  let known = fingerprints.get(event);
  if (known === undefined) fingerprints.set(event, (known = sha256hex(event.key)));
  return known;
}
const fingerprints = new WeakMap<NormalEvent, string>();

type Folded = Pick<Item, 'origin' | 'event' | 'n' | 'more' | 'fingerprint'>;

/**
 * The events in their order. The reading of bytes that come again and again is one object: such triggers are one item that
 * came many times, unless something else was said about their alert in between.
 */
function folded(brought: Brought[]): Folded[] {
  const all: Folded[] = [];
  const last = new Map<string, Folded>();
  for (const { origin, events } of brought)
    for (let n = 0; n < events.length; n++) {
      const event = events[n]!;
      const fingerprint = fingerprintOfEvent(event);
      const known = last.get(fingerprint);
      if (known?.event === event && event.action === 'trigger') {
        known.more = { times: (known.more?.times ?? 0) + 1, origin, n };
        continue;
      }
      const item = { origin, event, n, more: null, fingerprint };
      last.set(fingerprint, item);
      all.push(item);
    }
  return all;
}

/** Each event with its identity, its service (label or hint first, then the integration's own) and the group it would open. */
async function itemsOf(ctx: Ctx, brought: Brought[]): Promise<{ items: Item[]; services: Map<string, Service> }> {
  const all = folded(brought);
  const candidates = all.map(({ event }) => candidatesOf(event));
  const ownId = brought.find(({ origin }) => origin.serviceId !== null)?.origin.serviceId;
  const [known, own] = await Promise.all([
    servicesByNames(ctx, [...new Set(candidates.flat())]),
    ownId ? serviceById(ctx, ownId) : undefined,
  ]);
  const services = new Map<string, Service>();
  const items = all.map((item, n) => {
    const named = candidates[n]?.map((name) => known.get(name)).find((found) => found !== undefined);
    const service = named ?? (item.origin.serviceId ? own : undefined);
    if (service) services.set(service.id, service);
    return {
      ...item,
      serviceId: service?.id ?? null,
      windowMs: item.event.group ? null : GROUP_WINDOW_MS,
      routed: null,
      muted: null,
      inhibits: [],
      groupKey: item.event.group ? `source:${item.event.group.key}` : `window:${service?.id ?? 'none'}`,
    };
  });
  return { items, services };
}
