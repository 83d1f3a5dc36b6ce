/** The present, for screens: the server's clock as far as it is known, ticking for those who look at it. */
import { useSyncExternalStore } from 'react';

let offsetMs = 0;

/** Learns the server's time from an answer. A difference under two seconds is the network's, and ignored. */
export function observeServerTime(value: string | null): void {
  const server = value ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(server)) return;
  const offset = server - Date.now();
  offsetMs = Math.abs(offset) < 2_000 ? 0 : offset;
}

/** The server's present, in milliseconds since 1970. */
export const serverNow = (): number => Date.now() + offsetMs;

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    if (!document.hidden) for (const one of listeners) one();
  }, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The present, rounded down to `stepSeconds`; the component renders again only when that changes. */
export function useNow(stepSeconds = 1): number {
  const step = stepSeconds * 1_000;
  const snapshot = () => Math.floor(serverNow() / step) * step;
  return useSyncExternalStore(subscribe, snapshot, snapshot);
}
