/** The public site over HTTP: files from disk, without a database; and the three forms that act, by POST only. */
import type { FastifyReply } from 'fastify';
import { type AnyRoute, type House, monotonic, type RawRequest, rawRoute } from '#kernel';
import { confirmSubscription } from '../commands/confirmSubscription.ts';
import { subscribe } from '../commands/subscribe.ts';
import { unsubscribe } from '../commands/unsubscribe.ts';
import { isStale, readServed, readWithToken } from './files.ts';
import { BASE } from './read.ts';

// No script but our own file, no frame, nothing from anywhere else; forms go home.
const POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const TYPES: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  atom: 'application/atom+xml; charset=utf-8',
  rss: 'application/rss+xml; charset=utf-8',
};

interface Answer {
  status?: number;
  /** Seconds a shared cache may keep it. */
  cache?: number;
}

/** Sends one file of the site with its ETag; the missing page (404) when it is not there. */
async function serve(
  request: RawRequest,
  reply: FastifyReply,
  path: string,
  { status = 200, cache = 15 }: Answer = {},
): Promise<FastifyReply> {
  const file = await readServed(path);
  if (!file)
    return status === 404 || path === 'index.html'
      ? unwritten(reply)
      : serve(request, reply, 'said/gone.html', { status: 404 });
  const type = TYPES[path.split('.').at(-1) ?? 'html'] ?? 'text/plain; charset=utf-8';
  head(reply, type);
  reply.header('etag', file.etag).header('vary', 'accept-encoding');
  reply.header(
    'cache-control',
    cache === 0
      ? 'no-store'
      : cache > 86_400
        ? `public, max-age=${cache}, immutable`
        : `public, max-age=${cache}, stale-if-error=600`,
  );
  // Public files, and the console's preview frame has an origin of its own.
  if (/\.(json|css)$/.test(path)) reply.header('cross-origin-resource-policy', 'cross-origin');
  if (path.endsWith('.json')) reply.header('access-control-allow-origin', '*');
  if (
    status === 200 &&
    (request.headers['if-none-match'] ?? '').split(/\s*,\s*/).some((tag) => tag.replace(/^W\//, '') === file.etag)
  )
    return reply.code(304).send();
  reply.code(status);
  if (/\bgzip\b/.test(String(request.headers['accept-encoding'] ?? '')))
    return reply.header('content-encoding', 'gzip').send(file.gzip);
  return reply.send(file.body);
}

const head = (reply: FastifyReply, type: string) => reply.type(type).header('content-security-policy', POLICY);

/** Before the first rendering there is nothing to serve, and nothing is claimed. */
const unwritten = (reply: FastifyReply) =>
  head(reply, TYPES.html as string)
    .code(503)
    .header('retry-after', '10')
    .header('cache-control', 'no-store')
    .send(
      '<!doctype html><html lang="en"><title>Status</title><h1>This page is being prepared</h1><p>Please try again in a few seconds.</p></html>',
    );

const page = (path: string, file: string, answer?: Answer): AnyRoute =>
  rawRoute({
    method: 'GET',
    path,
    handle: (request, reply) => serve(request, reply, file, answer),
  });

const front = async (request: RawRequest, reply: FastifyReply) =>
  serve(request, reply, (await isStale()) ? 'index.stale.html' : 'index.html');

/** A page whose form carries the token of a mailed link back. Opening it changes nothing, whoever opens it. */
const tokenPage = (path: string, file: string): AnyRoute =>
  rawRoute({
    method: 'GET',
    path,
    handle: async (request, reply) => {
      const { token } = request.query as { token?: unknown };
      const body = await readWithToken(file, typeof token === 'string' ? token : '');
      if (!body) return unwritten(reply);
      return head(reply, TYPES.html as string)
        .header('cache-control', 'no-store')
        .send(body);
    },
  });

const FORM = ['application/x-www-form-urlencoded', 'multipart/form-data', 'application/json'];

/** Fields of a form or a JSON object; anything unreadable is simply empty. */
function fieldsOf(request: RawRequest): URLSearchParams {
  const text = request.rawBody.toString('utf8');
  if (!/json/.test(String(request.headers['content-type'] ?? ''))) return new URLSearchParams(text);
  try {
    const value = JSON.parse(text) as Record<string, unknown>;
    return new URLSearchParams(
      Object.entries(value).flatMap(([key, item]) =>
        (Array.isArray(item) ? item : [item]).map((one): [string, string] => [key, String(one)]),
      ),
    );
  } catch {
    return new URLSearchParams();
  }
}

const SOMEBODY = {
  kind: 'link' as const,
  id: 'anonymous',
  name: 'Somebody on the status page',
  roles: [],
};
const ctxOf = (house: House, request: RawRequest) => house.ctx(SOMEBODY, { requestId: request.id, ip: request.ip });

// A first, cheap line before the database counts: this many asks a minute from one network are even looked at.
const ASKS_PER_MINUTE = 120;
let minute = 0;
let asks = new Map<string, number>();
function tooFast(ip: string): boolean {
  const now = Math.floor(monotonic() / 60_000);
  if (now !== minute || asks.size > 10_000) [minute, asks] = [now, new Map()];
  const count = (asks.get(ip) ?? 0) + 1;
  asks.set(ip, count);
  return count > ASKS_PER_MINUTE;
}

const forms: AnyRoute[] = [
  rawRoute({
    method: 'POST',
    path: `${BASE}/subscribe`,
    bodyLimit: 16_384,
    types: FORM,
    handle: async (request, reply, house) => {
      const fields = fieldsOf(request);
      // The answer is the same whatever becomes of it: it must not tell who is subscribed.
      if (!tooFast(request.ip)) {
        const outcome = await subscribe(await ctxOf(house, request), {
          address: (fields.get('email') ?? '').slice(0, 400),
          componentIds: fields.getAll('component').slice(0, 100),
          ip: request.ip,
        });
        request.log.debug({ outcome }, 'somebody asked for mails');
      }
      return serve(request, reply, 'said/asked.html', {
        status: 202,
        cache: 0,
      });
    },
  }),
  rawRoute({
    method: 'POST',
    path: `${BASE}/confirm`,
    bodyLimit: 16_384,
    types: FORM,
    handle: async (request, reply, house) => {
      await confirmSubscription(await ctxOf(house, request), {
        token: (fieldsOf(request).get('token') ?? '').slice(0, 200),
      });
      return serve(request, reply, 'said/confirmed.html', { cache: 0 });
    },
  }),
  rawRoute({
    method: 'POST',
    path: `${BASE}/unsubscribe`,
    bodyLimit: 16_384,
    types: FORM,
    handle: async (request, reply, house) => {
      // RFC 8058: a mail program posts `List-Unsubscribe=One-Click` to the link itself, without cookies.
      const { token } = request.query as { token?: unknown };
      const chosen = fieldsOf(request).get('token') ?? (typeof token === 'string' ? token : '');
      await unsubscribe(await ctxOf(house, request), {
        token: chosen.slice(0, 200),
      });
      return serve(request, reply, 'said/unsubscribed.html', { cache: 0 });
    },
  }),
];

const JSON_FILES = [
  'summary.json',
  'status.json',
  'components.json',
  'incidents.json',
  'incidents/unresolved.json',
  'scheduled-maintenances.json',
  'scheduled-maintenances/upcoming.json',
  'scheduled-maintenances/active.json',
];

export const statusRoutes: AnyRoute[] = [
  rawRoute({ method: 'GET', path: BASE, handle: front }),
  rawRoute({ method: 'GET', path: `${BASE}/`, handle: front }),
  rawRoute({
    method: 'GET',
    path: `${BASE}/incidents/:key`,
    handle: (request, reply) => {
      const { key } = request.params as { key: string };
      return serve(request, reply, /^[a-z0-9]{12}$/.test(key) ? `incidents/${key}.html` : 'said/nothing');
    },
  }),
  page(`${BASE}/history`, 'history.html'),
  page(`${BASE}/history.atom`, 'history.atom', { cache: 60 }),
  page(`${BASE}/history.rss`, 'history.rss', { cache: 60 }),
  page(`${BASE}/subscribe`, 'subscribe.html'),
  page(`${BASE}/assets/status.css`, 'assets/status.css', { cache: 31_536_000 }),
  page(`${BASE}/assets/status.js`, 'assets/status.js', { cache: 31_536_000 }),
  tokenPage(`${BASE}/confirm`, 'said/confirm.html'),
  tokenPage(`${BASE}/unsubscribe`, 'said/unsubscribe.html'),
  ...JSON_FILES.flatMap((file) => [
    page(`${BASE}/api/v2/${file}`, `api/v2/${file}`),
    page(`/api/v2/${file}`, `api/v2/${file}`),
  ]),
  ...forms,
];
