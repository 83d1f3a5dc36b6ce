/**
 * The quick way in for posts of machines: fixed paths, plain bodies of known length, no cookies, no hooks. Whatever is out of
 * the ordinary (an encoding, an unknown length, odd headers) takes the usual way, which knows all rules.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import { config } from '../config.ts';
import type { House } from '../house.ts';
import { answerProblem, problemOf } from './problems.ts';
import type { RawRequest, RawRoute } from './route.ts';

const MAX_HEADERS = 100;
const NONE = Object.freeze({}) as Record<string, string>;

const KEYED = /^[^:]*\/:key$/;

/** The routes of the house that may be taken the quick way: by path, and by what comes before a key at its end. */
function quickRoutes(house: House) {
  const fixed = new Map<string, RawRoute>();
  const keyed = new Map<string, RawRoute>();
  for (const item of house.modules.flatMap((module) => module.routes)) {
    if (item.kind !== 'raw' || !item.quick || item.method !== 'POST') continue;
    if (!item.path.includes(':')) fixed.set(item.path, item);
    else if (KEYED.test(item.path)) keyed.set(item.path.slice(0, -'/:key'.length), item);
  }
  return (url: string): { route: RawRoute; params: Record<string, string> } | undefined => {
    const route = fixed.get(url);
    if (route) return { route, params: NONE };
    const cut = url.lastIndexOf('/');
    const own = keyed.get(url.slice(0, cut));
    const key = url.slice(cut + 1);
    // Only what needs no decoding.
    return own && /^[\w.~-]+$/.test(key) ? { route: own, params: { key } } : undefined;
  };
}

/** Puts the quick way before the usual one. */
export function withQuickWay(house: House, usual: RequestListener): RequestListener {
  const find = quickRoutes(house);
  return (incoming, outgoing) => {
    // A host of its own shows its page and nothing else of the house.
    const prefix = house.prefixOfHost?.((incoming.headers.host ?? '').replace(/:\d+$/, '').toLowerCase());
    if (prefix !== undefined) incoming.url = prefix + (incoming.url ?? '/');
    const found = incoming.method === 'POST' ? find(incoming.url ?? '') : undefined;
    const size = found ? plainSize(incoming, found.route.bodyLimit ?? 1024 * 1024) : undefined;
    if (found === undefined || size === undefined) usual(incoming, outgoing);
    else take(house, found, incoming, outgoing, size);
  };
}

/** The length of an ordinary body; undefined when this request must go the usual way. */
function plainSize({ headers, rawHeaders }: IncomingMessage, limit: number): number | undefined {
  // A proxy's word about who calls is weighed elsewhere.
  if (config.trustedProxies.length > 0) return undefined;
  if (headers['content-encoding'] !== undefined || headers['transfer-encoding'] !== undefined) return undefined;
  if (headers.expect !== undefined || rawHeaders.length / 2 > MAX_HEADERS) return undefined;
  const size = Number(headers['content-length']);
  if (!(size >= 0 && size <= limit)) return undefined;
  let hosts = 0;
  for (let i = 0; i < rawHeaders.length; i += 2)
    if (rawHeaders[i]!.length === 4 && rawHeaders[i]!.toLowerCase() === 'host') hosts += 1;
  return hosts === 1 ? size : undefined;
}

type Found = { route: RawRoute; params: Record<string, string> };

function take(house: House, found: Found, incoming: IncomingMessage, outgoing: ServerResponse, size: number): void {
  const parts: Buffer[] = [];
  incoming.on('data', (part: Buffer) => parts.push(part));
  incoming.on('end', () => {
    const rawBody = parts.length === 1 ? parts[0]! : Buffer.concat(parts, size);
    void answer(house, found, incoming, outgoing, rawBody);
  });
  // Whoever hangs up in the middle has sent nothing.
  incoming.on('error', () => {});
}

async function answer(
  house: House,
  { route, params }: Found,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  rawBody: Buffer,
): Promise<void> {
  const request = {
    id: randomUUID(),
    ip: incoming.socket.remoteAddress ?? '',
    method: 'POST',
    url: incoming.url,
    headers: incoming.headers,
    params,
    query: NONE,
    raw: incoming,
    routeOptions: { url: route.path },
    rawBody,
  } as unknown as RawRequest;
  const reply = new QuickReply(outgoing, request.id) as unknown as FastifyReply;
  try {
    await route.handle(request, reply, house);
  } catch (error) {
    answerProblem(reply, request, problemOf(error, request));
  }
}

/** As much of a reply as a door uses. */
class QuickReply {
  readonly #outgoing: ServerResponse;
  readonly #headers: string[];
  #status = 200;

  constructor(outgoing: ServerResponse, id: string) {
    this.#outgoing = outgoing;
    this.#headers = ['x-request-id', id, 'x-content-type-options', 'nosniff', 'referrer-policy', 'no-referrer'];
  }
  code(status: number): this {
    this.#status = status;
    return this;
  }
  /** A header said twice is the later one, not both: some vendors' answers name their request themselves. */
  header(name: string, value: string): this {
    const at = this.#headers.findIndex((known, i) => i % 2 === 0 && known.toLowerCase() === name.toLowerCase());
    if (at < 0) this.#headers.push(name, value);
    else this.#headers[at + 1] = value;
    return this;
  }
  headers(values: Record<string, string>): this {
    for (const name in values) this.header(name, values[name]!);
    return this;
  }
  type(value: string): this {
    return this.header('content-type', value);
  }
  send(body: string): this {
    this.header('content-length', String(Buffer.byteLength(body)));
    this.#outgoing.writeHead(this.#status, this.#headers);
    this.#outgoing.end(body);
    return this;
  }
}
