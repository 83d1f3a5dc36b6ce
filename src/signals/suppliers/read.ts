/** Reads a supplier's page through the egress guard: finds out once where its state stands, then asks there. Bounded in size and time. */
import { type Ctx, egressFetch } from '#kernel';
import { JsonError, readJson } from '../ingest/json.ts';
import { readFeed } from './feed.ts';
import type { PageReading } from './model.ts';
import { readShape } from './shapes.ts';

/** A page with every incident of a year is longer; the newest stand first. */
const MOST_BYTES = 1024 * 1024;
const TIMEOUT_MS = 8000;
/** Where pages keep it, most usual first: Statuspage, Instatus, Better Stack, incident.io, feeds. */
const PLACES = [
  '/api/v2/summary.json',
  '/summary.json',
  '/index.json',
  '/api/widget',
  '/history.atom',
  '/history.rss',
  '/feed',
];

export type Found =
  | { ok: true; unchanged: true }
  | { ok: true; unchanged?: false; feedUrl: string; format: string; etag: string | null; reading: PageReading }
  | { ok: false; why: string };

export interface Where {
  /** As it stands in the register: a page, or the address of its JSON or feed. */
  statusUrl: string;
  /** Where it was found before. */
  feedUrl: string | null;
  etag: string | null;
}

/** The address itself when it names a document, then the usual places below it. */
export function placesOf(statusUrl: string): string[] {
  const url = new URL(statusUrl);
  const own = /\.(json|rss|atom|xml)$|\/(feed|rss|widget)\/?$/i.test(url.pathname) || url.search !== '';
  const base = `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  return own ? [statusUrl] : [...PLACES.map((place) => base + place), statusUrl];
}

/** What the page says now. Never throws for what a page does: `why` is in words for whoever keeps the register. */
export async function readSupplier(ctx: Pick<Ctx, 'log' | 'now'>, where: Where): Promise<Found> {
  if (!URL.canParse(where.statusUrl)) return { ok: false, why: 'The address in the register is not a URL.' };
  const places = where.feedUrl ? [where.feedUrl] : placesOf(where.statusUrl);
  let why = '';
  for (const place of places) {
    const found = await readAt(ctx, place, place === where.feedUrl ? where.etag : null);
    if (found.ok) return found;
    why ||= found.why;
    if (found.hopeless) break;
  }
  return { ok: false, why };
}

type Tried = Exclude<Found, { ok: false }> | { ok: false; why: string; hopeless: boolean };

async function readAt(ctx: Pick<Ctx, 'log' | 'now'>, url: string, etag: string | null): Promise<Tried> {
  const host = new URL(url).host;
  try {
    const answer = await egressFetch(ctx, url, {
      purpose: 'status of a supplier',
      timeoutMs: TIMEOUT_MS,
      maxBytes: MOST_BYTES,
      headers: {
        accept: 'application/json, application/atom+xml, application/rss+xml',
        ...(etag ? { 'if-none-match': etag } : {}),
      },
    });
    if (answer.status === 304) return { ok: true, unchanged: true };
    if (answer.status !== 200) return { ok: false, hopeless: false, why: `${host} answered ${answer.status}.` };
    const known = shapeOf(answer.text, ctx.now);
    if (!known) return { ok: false, hopeless: false, why: `${host} has no status in a form that is known here.` };
    const tag = answer.headers.etag;
    return { ok: true, feedUrl: url, etag: typeof tag === 'string' ? tag.slice(0, 200) : null, ...known };
  } catch (error) {
    // Not reached at all: the other places of the same host would not be either.
    return { ok: false, hopeless: true, why: (error as Error).message.slice(0, 300) };
  }
}

function shapeOf(text: string, now: Date): { format: string; reading: PageReading } | undefined {
  if (text.trimStart().startsWith('<')) return readFeed(text, now);
  try {
    return readShape(readJson(text).value, now);
  } catch (error) {
    if (error instanceof JsonError) return undefined;
    throw error;
  }
}
