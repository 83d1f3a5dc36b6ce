/** The events of signals as items: each with the identity of its alert, its service, and the group it would open. */
import { type Service, serviceById, serviceCandidates, servicesByNames } from '#catalog';
import { type Ctx, sha256hex } from '#kernel';
import { GROUP_WINDOW_MS, type Held, type NormalEvent, type Routed } from './model.ts';

/** The signal that brought the events. */
export interface Origin {
  signalId: string;
  integrationId: string;
  /** Service of the integration, for events that name none that is known. */
  serviceId: string | null;
  test: boolean;
  mayPage: boolean;
}

export interface Item {
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

/** What one signal brought. */
export interface Brought {
  origin: Origin;
  events: NormalEvent[];
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
export async function itemsOf(
  ctx: Ctx,
  brought: Brought[],
): Promise<{ items: Item[]; services: Map<string, Service> }> {
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
