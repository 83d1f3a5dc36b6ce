/** The public site over HTTP: files from disk, without a database; and the three forms that act, by POST only. */
import type { FastifyReply } from 'fastify';
import { type AnyRoute, config, type House, monotonic, type RawRequest, rawRoute } from '#kernel';
import { confirmSubscription } from '../commands/confirmSubscription.ts';
import { subscribe } from '../commands/subscribe.ts';
import { unsubscribe } from '../commands/unsubscribe.ts';
import { listNotices } from '../notices/store.ts';
import { manifestOf } from './copying.ts';
import { siteDir } from './files.ts';
import { BASE } from './read.ts';
import type { SubscriberChannel } from '../tables.ts';
import { type Reply, replyFile, replyTo, LANGUAGE_VIEWS, ROOT_VIEWS, type View, VIEWS } from './serving.ts';

const viewOf = (request: RawRequest, path: string): View => {
  const { token } = request.query as { token?: unknown };
  return {
    path,
    token: typeof token === 'string' ? token : '',
    ifNoneMatch: request.headers['if-none-match'],
    acceptEncoding: request.headers['accept-encoding'] as string | undefined,
    acceptLanguage: request.headers['accept-language'],
  };
};

const send = (reply: FastifyReply, { status, headers, body }: Reply) => reply.code(status).headers(headers).send(body);

/** The answer to a form: one of the pages that say something. */
const say = async (request: RawRequest, reply: FastifyReply, file: string, status = 200) =>
  send(reply, await replyFile({ dir: siteDir() }, viewOf(request, ''), file, { status, cache: 0 }));

const view = (path: string, below = path): AnyRoute =>
  rawRoute({
    method: 'GET',
    path,
    handle: async (request, reply) => {
      const { key } = request.params as { key?: string };
      return send(reply, await replyTo(viewOf(request, below.replace(':key', key ?? ''))));
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

const channelOf = (name: string | null): SubscriberChannel =>
  (['sms', 'webhook', 'slack', 'teams'] as const).find((one) => one === name) ?? 'email';

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
          channel: channelOf(fields.get('channel')),
          address: (fields.get('email') ?? fields.get('target') ?? '').slice(0, 1000),
          componentIds: fields.getAll('component').slice(0, 100),
          ip: request.ip,
        });
        request.log.debug({ outcome }, 'somebody asked for mails');
      }
      return say(request, reply, 'said/asked.html', 202);
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
      return say(request, reply, 'said/confirmed.html');
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
      return say(request, reply, 'said/unsubscribed.html');
    },
  }),
];

/** For `evenkeel status`: what the site consists of. Asks the record, so that no copy forgets a notice too early. */
const copied: AnyRoute[] = [
  rawRoute({
    method: 'GET',
    path: `${BASE}/site.json`,
    handle: async (request, reply, house) => {
      const ctx = await ctxOf(house, request);
      const merged = (await listNotices(ctx.db)).map(({ id }) => id);
      return reply
        .header('cache-control', 'no-store')
        .send(await manifestOf(siteDir(), config.publicUrl + BASE, merged));
    },
  }),
  rawRoute({
    method: 'GET',
    path: `${BASE}/site/*`,
    handle: async (request, reply) => {
      const { '*': path = '' } = request.params as { '*'?: string };
      const known =
        /^[a-z0-9][a-z0-9./-]{0,150}$/i.test(path) && !path.includes('..') && !/^emergency\/(?!keys)/.test(path);
      return send(
        reply,
        await replyFile({ dir: siteDir() }, viewOf(request, ''), known ? path : 'said/nothing', { cache: 0 }),
      );
    },
  }),
];

export const statusRoutes: AnyRoute[] = [
  ...copied,
  view(BASE, '/'),
  ...VIEWS.map((path) => view(`${BASE}${path}`, path)),
  ...LANGUAGE_VIEWS.map((path) => view(`${BASE}${path}`, path)),
  ...ROOT_VIEWS.map((path) => view(path)),
  ...forms,
];
