/**
 * Readings of bodies that come again byte by byte, as sources send what goes on firing: kept for seconds, so that the same
 * bytes are not read twice. A body is kept from its second coming on: most of a storm comes once. What is stored of each
 * post stays the same.
 */
import { hash } from 'node:crypto';
import type { Family, Reading, Wire } from '../ingest/family.ts';
import type { Integration } from '../integrations/store.ts';

/** As much of a post as its reading depends on. */
export interface Readable {
  purpose: Family['doors'][number]['purpose'];
  wire: Wire;
  bytes: Buffer;
}

export interface Read {
  reading: Reading | undefined;
  /** The same for the same bytes at the same place. */
  name: string;
  /** It was read before: what it says is known. */
  again: boolean;
}

interface Kept {
  /** Undefined after the first time. */
  reading: Reading | undefined;
  at: number;
}

/** Times that a reading derives from the present (an expiry without an end) are off by no more than this. */
const KEPT_MS = 10_000;
const MOST = 8000;
const MOST_EVENTS = 20_000;
const kept = new Map<string, Kept>();
let events = 0;

const weigh = ({ reading }: Kept) => (reading?.ok ? reading.events.length : 0);
const drop = (name: string, item: Kept) => {
  kept.delete(name);
  events -= weigh(item);
};
const keep = (name: string, item: Kept) => {
  kept.set(name, item);
  events += weigh(item);
  for (const [oldest, other] of kept) {
    if (kept.size <= MOST && events <= MOST_EVENTS) return;
    drop(oldest, other);
  }
};

/** What places say about themselves, by the objects that posts with the same head share. */
const places = new WeakMap<Wire, string>();
function placeOf(wire: Wire): string {
  let place = places.get(wire);
  if (place === undefined)
    places.set(wire, (place = `${wire.door}:${JSON.stringify([wire.params, wire.query, wire.headers])}`));
  return place;
}

export interface Made {
  reading: Reading | undefined;
  /** An alert without a key of its own got one from its post: the next post of the same bytes is another alert. */
  ownKey: boolean;
}

/** The reading of a post, made by `read` unless the same bytes came to the same place a moment ago. */
export function readOnce(post: Readable, integration: Integration, now: Date, read: () => Made): Read {
  const name = `${integration.id}:${integration.version}:${post.purpose}:${hash('sha1', post.bytes, 'base64')}:${placeOf(post.wire)}`;
  const at = now.getTime();
  const known = kept.get(name);
  const fresh = known && Math.abs(at - known.at) < KEPT_MS;
  if (fresh && known.reading) return { reading: known.reading, name, again: true };
  const { reading, ownKey } = read();
  if (known) drop(name, known);
  if (reading?.ok && !ownKey) keep(name, { reading: fresh ? reading : undefined, at });
  return { reading, name, again: false };
}
