/** Keeps screens fresh: events of the stream mark what may have changed as stale. Says so when the stream is down. */
import type { QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { onSignedOut } from './api.ts';
import { type LiveMap, moduleOf, touchedBy } from './live-map.ts';
import { openSharedStream, type StreamMessage, type StreamState } from './stream.ts';

export interface LiveEvent {
  type: string;
  subject?: string;
  incident?: string;
  exercise?: boolean;
}

let state: StreamState = { state: 'connecting', asOf: null };
const stateListeners = new Set<() => void>();
const eventListeners = new Set<(event: LiveEvent) => void>();

function invalidate(client: QueryClient, touched: readonly string[] | 'all'): Promise<void> {
  return client.invalidateQueries({
    predicate: ({ queryKey }) =>
      touched === 'all' || (typeof queryKey[0] === 'string' && touched.includes(queryKey[0].split('.')[0]!)),
  });
}

/** Opens the stream and keeps `client` fresh by it until the returned function is called. */
export function startLive(client: QueryClient, url: string, map: LiveMap): () => void {
  const batch = batchOf((touched) => void invalidate(client, touched));
  const stop = openSharedStream(url, (message: StreamMessage) => {
    if (message.kind === 'state') return setState(message.value);
    if (message.kind === 'resync') {
      if (message.gently) void client.invalidateQueries({}, { cancelRefetch: false });
      else batch('all');
      dispatchEvent(new CustomEvent('evenkeel:resync'));
      return;
    }
    const event = message.value as LiveEvent;
    batch(touchedBy(moduleOf(event.type, map), map));
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
