/**
 * The public site from a process of its own: no database, no modules, only files. It copies them from the product when it is
 * told where that is, goes on serving when the product is gone, and takes emergency notices from those who hold a key.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { log, Problem, processNow } from '#kernel';
import { takeNotice } from '../notices/taking.ts';
import { copySite } from './copying.ts';
import { showNotices } from './files.ts';
import { type Reply, replyFile, replyNow, replyTo, type Site, type View } from './serving.ts';

export interface EdgeOptions {
  dir: string;
  host: string;
  port: number;
  /** Address of the product to copy from; without it the folder is served as it is. */
  from?: string | undefined;
  /** How often to ask it (milliseconds). */
  everyMs: number;
  staleAfterMs?: number;
}

export interface Edge {
  url: string;
  close(): Promise<void>;
}

/** The product's own address of the site; other programs ask for the API at the root. */
const BASE = '/status';

/** The path of the site that this address means; undefined when it is none of ours. */
function pathBelow(url: string): string | undefined {
  const end = url.indexOf('?');
  const path = end < 0 ? url : url.slice(0, end);
  if (path === BASE || path === '/' || path === `${BASE}/`) return '/';
  if (path.startsWith(`${BASE}/`)) return path.slice(BASE.length);
  return path.startsWith('/api/v2/') ? path : undefined;
}

/** The same that the product's own server says of every answer. */
const ALWAYS = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'x-frame-options': 'DENY' };

function send(response: ServerResponse, { status, headers, body }: Reply, head: boolean): void {
  response.writeHead(status, { ...ALWAYS, ...headers, 'content-length': body?.length ?? 0 });
  response.end(head ? undefined : body);
}

function viewOf(request: IncomingMessage, path: string): View {
  const { url = '/', headers } = request;
  const view: View = {
    path,
    ifNoneMatch: headers['if-none-match'],
    acceptEncoding: headers['accept-encoding'] as string | undefined,
    acceptLanguage: headers['accept-language'],
  };
  if (url.includes('token=')) view.token = new URL(url, 'http://here').searchParams.get('token') ?? '';
  return view;
}

const MOST_BYTES = 16_384;
async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > MOST_BYTES) throw new Problem(413, 'This is too long', { rule: 'comms.too_long' });
    parts.push(part);
  }
  return Buffer.concat(parts);
}

const asJson = (response: ServerResponse, status: number, value: object): void => {
  response.writeHead(status, {
    ...ALWAYS,
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
  });
  response.end(`${JSON.stringify(value)}\n`);
};

/** Subscribing and unsubscribing is the product's business: handed on, or honestly refused. */
async function handOn(
  request: IncomingMessage,
  response: ServerResponse,
  options: EdgeOptions,
  site: Site,
): Promise<void> {
  const body = await bodyOf(request);
  const answer =
    options.from &&
    (await fetch(`${options.from}${request.url ?? ''}`, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(8000),
      headers: { 'content-type': String(request.headers['content-type'] ?? '') },
      body: new Uint8Array(body),
    }).catch(() => undefined));
  if (answer && answer.status < 500) {
    const text = Buffer.from(await answer.arrayBuffer());
    return send(
      response,
      {
        status: answer.status,
        headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
        body: text,
      },
      false,
    );
  }
  send(response, await replyFile(site, viewOf(request, ''), 'said/later.html', { status: 503, cache: 0 }), false);
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: EdgeOptions,
  site: Site,
): Promise<void> {
  const { method, url = '/' } = request;
  const path = pathBelow(url);
  const head = method === 'HEAD';
  if (method === 'GET' || head) {
    if (url === '/healthz') return asJson(response, 200, { ok: true });
    return send(response, await replyTo(viewOf(request, path ?? '/nothing'), site), head);
  }
  if (method === 'POST' && path === '/emergency')
    return asJson(response, 202, await takeNotice((await bodyOf(request)).toString('utf8'), options.dir));
  if (method === 'POST' && path && /^\/(?:subscribe|confirm|unsubscribe)$/.test(path))
    return handOn(request, response, options, site);
  asJson(response, 405, { title: 'This address can only be read' });
}

const listen = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve());
  });

/** Opens the server, and keeps its copy new when it has somewhere to copy from. */
export async function openEdge(options: EdgeOptions): Promise<Edge> {
  const site: Site = {
    dir: options.dir,
    ...(options.staleAfterMs !== undefined && { staleAfterMs: options.staleAfterMs }),
  };
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 10_000, keepAliveTimeout: 30_000 });
  server.on('request', (request, response) => {
    const { method, url = '/' } = request;
    const path = method === 'GET' ? pathBelow(url) : undefined;
    const now = path && replyNow(viewOf(request, path), site, processNow());
    if (now) return send(response, now, false);
    answer(request, response, options, site).catch((error: Error) => {
      if (!(error instanceof Problem)) log.error({ error: error.message }, 'a view of the status page failed');
      if (response.headersSent) return response.destroy();
      asJson(response, error instanceof Problem ? error.status : 500, {
        title: error instanceof Problem ? error.message : 'This page cannot be shown right now',
      });
    });
  });
  // What was announced here before a restart stands until the product has it.
  await showNotices(options.dir);
  await listen(server, options.port, options.host);
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : options.port;
  const copying = options.from ? keepCopy(options.from, options) : undefined;
  return {
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}${BASE}`,
    close: async () => {
      await copying?.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function keepCopy(from: string, { dir, everyMs }: EdgeOptions): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const going = (async () => {
    let failing = false;
    while (!stopping.signal.aborted) {
      try {
        await copySite(from, dir, stopping.signal);
        if (failing) log.info({ from }, 'the product can be reached again');
        failing = false;
      } catch (error) {
        if (!failing && !stopping.signal.aborted)
          log.warn({ from, error: (error as Error).message }, 'the product cannot be reached; what is here goes on');
        failing = true;
      }
      await sleep(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    stop: async () => {
      stopping.abort();
      await going;
    },
  };
}
