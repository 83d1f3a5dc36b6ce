/** Every call out of the house: only to addresses that may be reached, checked when connecting, no redirects, cut in size and time. */
import { type LookupAddress, lookup as dnsLookup } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import { Agent, buildConnector, request } from 'undici';
import { config } from './config.ts';
import type { Ctx } from './context.ts';
import { Problem } from './errors.ts';

const refused = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  refused.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of [
  ['::', 96],
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const)
  refused.addSubnet(net, bits, 'ipv6');

/** Ports where something other than a web server would misread us. */
const REFUSED_PORTS = new Set([22, 23, 25, 53, 110, 143, 465, 587, 993, 995, 3306, 5432, 6379, 11211, 27017]);

/** The allow-list by host, read once: it is asked several times for every call. */
let allowed: { from: string[]; ports: Map<string, Set<string>> } | undefined;
function allowedPorts(host: string): Set<string> | undefined {
  if (allowed?.from !== config.egressAllow) {
    const ports = new Map<string, Set<string>>();
    for (const entry of config.egressAllow) {
      const at = entry.lastIndexOf(':');
      const name = entry.slice(0, at);
      ports.set(name, (ports.get(name) ?? new Set()).add(entry.slice(at + 1)));
    }
    allowed = { from: config.egressAllow, ports };
  }
  return allowed.ports.get(host);
}

function listed(host: string, port: number): boolean {
  const ports = allowedPorts(host);
  return ports !== undefined && (ports.has('*') || ports.has(String(port)));
}

/** True when an outgoing call may reach this address (public, or named in the allow-list). */
export function mayReach(address: string, port: number): boolean {
  if (listed(address, port)) return true;
  const family = isIP(address);
  return family !== 0 && !refused.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/** Checks a URL when it is typed: form, scheme, port, and a literal address. Names are checked again at every connect. Throws 422. */
export function checkUrl(text: string): URL {
  const bad = (why: string) =>
    new Problem(422, `This address cannot be called: ${why}`, {
      rule: 'egress.url',
      errors: [{ path: 'url', message: why }],
    });
  if (text.length > 2000 || /[\s\\\p{Cc}]/u.test(text))
    throw bad('it is too long or contains spaces, backslashes or control characters');
  if (!URL.canParse(text)) throw bad('it is not a URL');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw bad('only http and https are called');
  if (url.username || url.password) throw bad('a URL may not carry a user name or password');
  if (url.hash) throw bad('a URL may not carry a fragment');
  const port = portOf(url);
  const host = hostOf(url);
  if (REFUSED_PORTS.has(port) && !listed(host, port)) throw bad(`port ${port} is not called`);
  if (isIP(host) !== 0 && !mayReach(host, port))
    throw bad(
      `${host} is a private or reserved address; an administrator may allow it with EVENKEEL_EGRESS_ALLOW=${host}:${port}`,
    );
  if (/^localhost\.?$|\.localhost\.?$/i.test(host) && !listed('localhost', port) && !listed('127.0.0.1', port))
    throw bad('localhost is this machine itself');
  return url;
}

const portOf = (url: URL) => Number(url.port || (url.protocol === 'https:' ? 443 : 80));
const hostOf = (url: URL) => url.hostname.replace(/^\[|\]$/g, '');

/**
 * The address that a name leads to now, when it may be reached; connect to this very address, so that the name cannot
 * change in between. Every address of the name must be allowed. Throws Problem `egress.address`, or an Error when the
 * name is not known.
 */
export async function addressFor(host: string, port: number): Promise<{ address: string; family: 4 | 6 }> {
  const addresses = await new Promise<LookupAddress[]>((resolve, reject) =>
    dnsLookup(host, { all: true }, (error, found) =>
      error ? reject(new Error(`the name ${host} is not known`)) : resolve(found),
    ),
  );
  // A name in the allow-list opens what it leads to, whatever address that is today.
  const bad = listed(host, port) ? undefined : addresses.find(({ address }) => !mayReach(address, port));
  const first = addresses[0];
  if (bad || !first)
    throw new Problem(422, `${host} leads to the private or reserved address ${bad?.address ?? '?'}`, {
      rule: 'egress.address',
      detail: `An administrator may allow it with EVENKEEL_EGRESS_ALLOW=${host}:${port}`,
    });
  return { address: first.address, family: first.family === 6 ? 6 : 4 };
}

const pinned = (pin: string) => {
  const at = pin.lastIndexOf(':');
  return { address: pin.slice(0, at).replace(/^\[|\]$/g, ''), port: pin.slice(at + 1) };
};

const connect = buildConnector({ timeout: 5000 });

/** The address is looked up once, checked, and that very address is connected to, so that a name cannot change in between. */
const agent = new Agent({
  connections: 8,
  headersTimeout: 30_000,
  bodyTimeout: 30_000,
  maxHeaderSize: 16_384,
  connect: (options, callback) => {
    const port = Number(options.port || (options.protocol === 'https:' ? 443 : 80));
    const host = options.hostname.replace(/^\[|\]$/g, '');
    const pin = config.egressPins[`${host.toLowerCase()}:${port}`];
    // Named by the operator of this installation: nothing to look up and nothing to check.
    const where = pin === undefined ? addressFor(host, port) : Promise.resolve(pinned(pin));
    where.then(
      (to) => {
        connect(
          {
            ...options,
            hostname: to.address,
            ...('port' in to ? { port: to.port } : {}),
            servername: options.servername || (isIP(host) ? undefined : host),
          } as never,
          callback,
        );
      },
      (error: Error) => callback(error, null),
    );
  },
});

export interface EgressAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  /** Milliseconds from the call to the end of the body. */
  ms: number;
}

export interface EgressRequest {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** Whole call, milliseconds. */
  timeoutMs?: number;
  /** The body is cut here. */
  maxBytes?: number;
  /** What for; goes to the log. */
  purpose: string;
}

/**
 * Calls a URL. A redirect is an answer like any other and is not followed.
 * Throws a Problem: `egress.url`, `egress.address` when refused; `egress.failed` (502) when nothing usable came back.
 */
export async function egressFetch(ctx: Pick<Ctx, 'log'>, url: string, options: EgressRequest): Promise<EgressAnswer> {
  const target = checkUrl(url);
  const started = performance.now();
  const limit = options.maxBytes ?? 65_536;
  try {
    const answer = await request(target, {
      dispatcher: agent,
      method: options.method ?? 'GET',
      headers: { 'user-agent': 'Evenkeel', ...options.headers },
      body: options.body ?? null,
      signal: AbortSignal.timeout(options.timeoutMs ?? 10_000),
    });
    const parts: Buffer[] = [];
    let size = 0;
    for await (const part of answer.body as AsyncIterable<Buffer>) {
      parts.push(part);
      size += part.length;
      if (size >= limit) break;
    }
    return {
      status: answer.statusCode,
      headers: answer.headers,
      text: Buffer.concat(parts).subarray(0, limit).toString('utf8'),
      ms: Math.round(performance.now() - started),
    };
  } catch (error) {
    if (error instanceof Problem) throw error;
    const message =
      (error as Error).name === 'TimeoutError'
        ? `no answer within ${(options.timeoutMs ?? 10_000) / 1000} s`
        : (error as Error).message;
    ctx.log.info({ purpose: options.purpose, host: target.host, error: message }, 'a call out failed');
    throw new Problem(502, `${target.host} could not be reached: ${message}`, { rule: 'egress.failed', cause: error });
  }
}
