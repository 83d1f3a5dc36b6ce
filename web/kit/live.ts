/** Keeps screens fresh: events of the stream mark what may have changed as stale. Says so when the stream is down. */
import type { QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { onSignedOut } from './api.ts';
import { openSharedStream, type StreamMessage, type StreamState } from './stream.ts';

export interface LiveEvent {
  type: string;
  subject?: string;
  incident?: string;
  exercise?: boolean;
}

/** How events map to what is on the screen. The shell gives it once; the kit knows no module. */
export interface LiveMap {
  /** Modules, bottom to top. What a module shows comes from its own tables and those below. */
  modules: readonly string[];
  /** Prefix of an event's type where it is not the module's name or its singular: `page` -> `people`. */
  prefixes: Readonly<Record<string, string>>;
}

let map: LiveMap = { modules: [], prefixes: {} };
let state: StreamState = { state: 'connecting', asOf: null };
const stateListeners = new Set<() => void>();
const eventListeners = new Set<(event: LiveEvent) => void>();

/** The module an event type belongs to; undefined when unknown (then everything counts as changed). */
export function moduleOf(type: string, { modules, prefixes }: LiveMap = map): string | undefined {
  const prefix = type.split('.')[0]!;
  if (prefixes[prefix]) return prefixes[prefix];
  return modules.find((name) => name === prefix || name === `${prefix}s`);
}

/** The modules whose screens an event of `module` may change: itself and every module above it. */
export function touchedBy(module: string | undefined, { modules }: LiveMap = map): readonly string[] | 'all' {
  const rank = module === undefined ? -1 : modules.indexOf(module);
  return rank < 0 ? 'all' : modules.slice(rank);
}

function invalidate(client: QueryClient, touched: readonly string[] | 'all'): Promise<void> {
  return client.invalidateQueries({
    predicate: ({ queryKey }) =>
      touched === 'all' || (typeof queryKey[0] === 'string' && touched.includes(queryKey[0].split('.')[0]!)),
  });
}

/** Opens the stream and keeps `client` fresh by it until the returned function is called. */
export function startLive(client: QueryClient, url: string, liveMap: LiveMap): () => void {
  map = liveMap;
  const batch = batchOf((touched) => void invalidate(client, touched));
  const stop = openSharedStream(url, (message: StreamMessage) => {
    if (message.kind === 'state') return setState(message.value);
    if (message.kind === 'resync') {
      batch('all');
      dispatchEvent(new CustomEvent('evenkeel:resync'));
      return;
    }
    const event = message.value as LiveEvent;
    batch(touchedBy(moduleOf(event.type)));
    for (const listener of eventListeners) listener(event);
  });
  const forget = onSignedOut(stop);
  return () => {
    forget();
    stop();
  };
}

/** Gathers what changed and passes it on at once, then at most every second: an alert storm must not become a request storm. */
function batchOf(flush: (touched: readonly string[] | 'all') => void): (touched: readonly string[] | 'all') => void {
  let gathered: Set<string> | 'all' = new Set();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = 0;
  return (touched) => {
    if (touched === 'all' || gathered === 'all') gathered = 'all';
    else for (const name of touched) gathered.add(name);
    if (timer) return;
    timer = setTimeout(
      () => {
        timer = undefined;
        last = Date.now();
        const all = gathered;
        gathered = new Set();
        flush(all === 'all' ? 'all' : [...all]);
      },
      Math.max(60, 1_000 - (Date.now() - last)),
    );
  };
}

function setState(next: StreamState): void {
  state = next;
  for (const listener of stateListeners) listener();
}

/** The stream's state, for the line that says how old the data may be. */
export function useStream(): StreamState {
  return useSyncExternalStore(
    (listener) => {
      stateListeners.add(listener);
      return () => stateListeners.delete(listener);
    },
    () => state,
  );
}

/** Hears every event of the stream; for the rare screen that needs more than fresh queries. */
export function onLiveEvent(listener: (event: LiveEvent) => void): () => void {
  eventListeners.add(listener);
  return () => eventListeners.delete(listener);
}
