/** From normal events to alerts and groups, in the caller's transaction: lock, read, decide (model.ts), write, announce. */
import type { Ctx } from '#kernel';
import { foreseePages } from '#people';
import { type Books, writeBooks } from './books.ts';
import { placeOpening } from './correlation/place.ts';
import { takeForetold } from './foretold.ts';
import { LIMITS } from './ingest/text.ts';
import { type Brought, type Item, itemsOf, type Origin } from './items.ts';
import {
  absorb,
  type Alert,
  applyEvent,
  type Effect,
  effectOf,
  GROUP_WINDOW_MS,
  type Group,
  type NormalEvent,
} from './model.ts';
import { applyRules, longestWindow } from './rules/apply.ts';
import { insertInhibitors, liveRules } from './rules/store.ts';
import { type Silence, silencedBy } from './silences/model.ts';
import { liveSilences } from './silences/store.ts';
import { alertsByFingerprint, lockGroups, lockKeys, newAlertId, newGroupId, type Scope } from './store.ts';

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
