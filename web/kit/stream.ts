/**
 * One server-sent event stream per browser. A tab that holds the lock keeps the connection and tells the others;
 * when it closes, the next one takes over. (Browsers allow six connections per host: a stream per tab would use
 * them up.) Without Web Locks, i.e. on plain http, each tab keeps its own.
 */
export interface StreamState {
  state: 'connecting' | 'live' | 'reconnecting';
  /** When the data was last known to be complete: milliseconds since 1970. */
  asOf: number | null;
}
export type StreamMessage =
  | { kind: 'event'; value: unknown }
  | { kind: 'state'; value: StreamState }
  /** Events may have been missed: read everything again. `gently` on the first opening: what is being read already stays. */
  | { kind: 'resync'; gently?: boolean };

/** A connection that is silent for this long is dead; the server breathes every 15 s. */
const silentMs = 45_000;
/** How long a break may last before it is worth a word on the screen. */
const graceMs = 2_000;

/** Opens the shared stream at `url` and passes on what it says. Returns the way to close it. */
export function openSharedStream(url: string, tell: (message: StreamMessage) => void): () => void {
  if (!('locks' in navigator) || typeof BroadcastChannel === 'undefined')
    return openStream(url, { afterBreak: false }, tell);
  const channel = new BroadcastChannel('evenkeel-stream');
  const abort = new AbortController();
  let current: StreamState | undefined;
  let stop: (() => void) | undefined;
  let followed = false;

  channel.onmessage = ({ data }: MessageEvent<StreamMessage | { kind: 'hello' }>) => {
    if (data.kind === 'hello') {
      if (stop && current) channel.postMessage({ kind: 'state', value: current });
    } else if (!stop) {
      followed = true;
      tell(data);
    }
  };
  channel.postMessage({ kind: 'hello' });

  const lead = () =>
    new Promise<void>((resolve) => {
      // Whoever led before may have missed something on the way out.
      stop = openStream(url, { afterBreak: followed }, (message) => {
        if (message.kind === 'state') current = message.value;
        channel.postMessage(message);
        tell(message);
      });
      abort.signal.addEventListener('abort', () => resolve(), { once: true });
    });
  navigator.locks.request('evenkeel-stream', { signal: abort.signal }, lead).catch(() => undefined);

  return () => {
    abort.abort();
    stop?.();
    channel.close();
  };
}

/** One EventSource with our own patience: backs off to 15 s, notices silence, asks for a resync after a break. */
function openStream(url: string, from: { afterBreak: boolean }, tell: (message: StreamMessage) => void): () => void {
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let grace: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  // The first opening counts as a break too: what was read before it may already be old.
  let broken = true;
  let gently = !from.afterBreak;
  let lastHeard = 0;

  const heard = () => {
    lastHeard = Date.now();
    clearTimeout(grace);
    grace = undefined;
    failures = 0;
    if (broken) tell({ kind: 'resync', gently });
    broken = gently = false;
    tell({ kind: 'state', value: { state: 'live', asOf: lastHeard } });
  };
  const lost = () => {
    source?.close();
    source = undefined;
    broken = true;
    grace ??= setTimeout(
      () =>
        tell({
          kind: 'state',
          value: { state: 'reconnecting', asOf: lastHeard || null },
        }),
      graceMs,
    );
    clearTimeout(retry);
    retry = setTimeout(open, Math.min(15_000, 500 * 2 ** failures++) * (0.75 + Math.random() / 2));
  };
  const open = () => {
    source = new EventSource(url);
    source.onopen = heard;
    source.onerror = lost;
    source.addEventListener('breath', heard);
    source.addEventListener('resync', () => {
      broken = true; // the server itself may have missed something
      heard();
    });
    source.onmessage = ({ data }) => {
      heard();
      const value = parse(data as string);
      if (value) tell({ kind: 'event', value });
    };
  };
  const watch = setInterval(() => {
    if (source && lastHeard && Date.now() - lastHeard > silentMs) lost();
  }, 5_000);
  const wake = () => {
    if (document.hidden || source) return;
    clearTimeout(retry);
    open();
  };
  document.addEventListener('visibilitychange', wake);
  addEventListener('online', wake);
  open();

  return () => {
    clearInterval(watch);
    clearTimeout(retry);
    clearTimeout(grace);
    document.removeEventListener('visibilitychange', wake);
    removeEventListener('online', wake);
    source?.close();
  };
}

function parse(data: string): unknown {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === 'object' && value !== null && 'type' in value ? value : undefined;
  } catch {
    return undefined;
  }
}
