/**
 * Readings of bodies that come again byte by byte, as sources send what goes on firing: kept for seconds, so that the same
 * bytes are not read twice. What is stored of each post stays the same.
 */
import { hash } from 'node:crypto';
import type { Reading } from '../ingest/family.ts';
import { keyForSignal } from '../ingest/body.ts';
import type { Integration } from '../integrations/store.ts';
import type { Arrival } from './arrival.ts';

interface Kept {
  reading: Reading;
  at: number;
}

/** Times that a reading derives from the present (an expiry without an end) are off by no more than this. */
const KEPT_MS = 10_000;
const MOST = 4000;
const MOST_EVENTS = 20_000;
const kept = new Map<string, Kept>();
let events = 0;

const drop = (key: string, { reading }: Kept) => {
  kept.delete(key);
  events -= reading.ok ? reading.events.length : 0;
};

/** The reading of a post, made by `read` unless the same bytes came to the same place a moment ago. */
export function readOnce(
  post: Arrival,
  integration: Integration,
  now: Date,
  read: () => Reading | undefined,
): Reading | undefined {
  const place = `${integration.id}:${integration.version}:${post.purpose}:${post.wire.door}:${JSON.stringify([post.wire.params, post.wire.query, post.wire.headers])}`;
  const key = `${place}:${hash('sha1', post.bytes, 'base64')}`;
  const known = kept.get(key);
  if (known && Math.abs(now.getTime() - known.at) < KEPT_MS) return known.reading;
  if (known) drop(key, known);
  const reading = read();
  if (!reading?.ok || ownKey(reading, post.id)) return reading;
  for (const [oldest, item] of kept) {
    if (kept.size < MOST && events + reading.events.length <= MOST_EVENTS) break;
    drop(oldest, item);
  }
  kept.set(key, { reading, at: now.getTime() });
  events += reading.events.length;
  return reading;
}

/** An alert without a key of its own got one from its post: the next post of the same bytes is another alert. */
function ownKey(reading: Extract<Reading, { ok: true }>, id: string): boolean {
  const made = keyForSignal(id);
  return reading.events.some((event) => event.key.includes(made));
}
