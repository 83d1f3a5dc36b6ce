/** One HTTP request on a fresh connection, timed stage by stage, cut in time and size, to an address that may be reached. No redirects. */
import { Buffer } from 'node:buffer';
import { request, type IncomingMessage } from 'node:http';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls, createSecureContext, type SecureContext } from 'node:tls';
import { addressFor, checkUrl, monotonic, processNow, Problem } from '#kernel';

export interface HttpCall {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: string;
  timeoutMs: number;
  tls: 'verify' | 'ignore';
  /** PEM of an authority of one's own, trusted for this call only. */
  ca: string;
  /** Bytes of the answer that are read; 64 KB when absent. */
  maxBody?: number;
}

export interface HttpAnswer {
  status: number;
  headers: IncomingMessage['headers'];
  /** At most `maxBody`. */
  body: string;
  ms: number;
  dnsMs: number;
  connectMs: number;
  tlsMs: number;
  firstByteMs: number;
  tlsDays?: number | undefined;
}

/** A call that gave no answer, in words. */
export class CallFailed extends Error {
  ms: number;
  facts: Record<string, number>;
  constructor(message: string, ms: number, facts: Record<string, number>) {
    super(message);
    this.ms = ms;
    this.facts = facts;
  }
}

const MAX_BODY = 65_536;
const MAX_HEADERS = 16_384;
/** Interim answers (103 and friends) before it counts as a flood. */
const MAX_INTERIM = 10;

const contexts = new Map<string, SecureContext>();
/** Making a context parses certificates; one for each authority is kept. */
function contextFor(ca: string): SecureContext {
  const known = contexts.get(ca);
  if (known) return known;
  const made = createSecureContext({ minVersion: 'TLSv1.2', ...(ca ? { ca } : {}) });
  if (contexts.size >= 100) contexts.delete(contexts.keys().next().value!);
  contexts.set(ca, made);
  return made;
}

const TLS_WORDS: Record<string, string> = {
  CERT_HAS_EXPIRED: 'the certificate has expired',
  CERT_NOT_YET_VALID: 'the certificate is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate comes from an authority that is not trusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the certificate comes from an authority that is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the chain of certificates is incomplete',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another host',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'the server speaks only TLS older than 1.2',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'the server speaks only TLS older than 1.2',
  ERR_SSL_WRONG_VERSION_NUMBER: 'the port does not speak TLS',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  EHOSTUNREACH: 'there is no way to the host',
  ENETUNREACH: 'there is no way to the network',
  ETIMEDOUT: 'no connection in time',
  HPE_HEADER_OVERFLOW: 'the headers are larger than 16 KB',
};

/** An error of a socket, of TLS or of the parser, in words. */
export function wordsOf(error: unknown): string {
  if (error instanceof Problem) return error.message;
  const { code, message } = error as { code?: string; message?: string };
  if (code && TLS_WORDS[code]) return TLS_WORDS[code];
  if (code?.startsWith('HPE_')) return 'the answer is not HTTP';
  return message || code || 'it failed';
}

/** Days until an instant that a certificate names, whole and rounded down. */
const daysUntil = (validTo: string) => Math.floor((Date.parse(validTo) - processNow()) / 86_400_000);

/** The socket of a call: looked up, checked, connected, and TLS on it; times of each stage go to `facts`. */
async function open(url: URL, call: HttpCall, facts: Record<string, number>, kill: AbortSignal): Promise<Socket> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  const from = monotonic();
  // checkUrl has looked at literal addresses already; a name is looked up once and that address is used.
  const address = isIP(host) ? host : (await addressFor(host, port)).address;
  facts.dns_ms = round(monotonic() - from);
  const started = monotonic();
  const plain = connectPlain({ host: address, port, noDelay: true });
  kill.addEventListener('abort', () => plain.destroy(), { once: true });
  await event(plain, 'connect');
  facts.connect_ms = round(monotonic() - started);
  if (url.protocol !== 'https:') return plain;
  const shaking = monotonic();
  const secure = connectTls({
    socket: plain,
    ...(isIP(host) ? { host } : { servername: host }),
    secureContext: contextFor(call.ca),
    rejectUnauthorized: call.tls === 'verify',
  });
  await event(secure, 'secureConnect');
  facts.tls_ms = round(monotonic() - shaking);
  const validTo = secure.getPeerX509Certificate()?.validTo;
  if (validTo) facts.tls_days = daysUntil(validTo);
  return secure;
}

const round = (ms: number) => Math.round(ms * 10) / 10;

const event = (socket: Socket, name: string) =>
  new Promise<void>((resolve, reject) => {
    socket.once(name, () => resolve());
    socket.once('error', reject);
    socket.once('close', () => reject(Object.assign(new Error('the connection was cut'), { code: 'ECONNRESET' })));
  });

/** Calls once. Throws `CallFailed` when nothing usable came back; a redirect is an answer like any other. */
export async function callHttp(call: HttpCall): Promise<HttpAnswer> {
  const from = monotonic();
  const facts: Record<string, number> = {};
  const kill = new AbortController();
  let late = false;
  let socket: Socket | undefined;
  const timer = setTimeout(() => {
    late = true;
    kill.abort();
    socket?.destroy();
  }, call.timeoutMs);
  try {
    const url = checkUrl(call.url);
    socket = await open(url, call, facts, kill.signal);
    const answer = await exchange(url, call, socket, from);
    return {
      ...answer,
      dnsMs: facts.dns_ms ?? 0,
      connectMs: facts.connect_ms ?? 0,
      tlsMs: facts.tls_ms ?? 0,
      ms: monotonic() - from,
      tlsDays: facts.tls_days,
    };
  } catch (error) {
    const words = late ? `no whole answer within ${call.timeoutMs / 1000} s` : wordsOf(error);
    throw new CallFailed(words, monotonic() - from, facts);
  } finally {
    clearTimeout(timer);
    socket?.destroy();
  }
}

type Exchanged = Pick<HttpAnswer, 'status' | 'headers' | 'body' | 'firstByteMs'>;

function exchange(url: URL, call: HttpCall, socket: Socket, from: number): Promise<Exchanged> {
  const most = call.maxBody ?? MAX_BODY;
  return new Promise((resolve, reject) => {
    const outgoing = request({
      createConnection: () => socket,
      host: url.hostname,
      path: url.pathname + url.search,
      method: call.method,
      maxHeaderSize: MAX_HEADERS,
      headers: {
        host: url.host,
        'user-agent': 'Evenkeel monitor',
        accept: '*/*',
        'accept-encoding': 'identity',
        connection: 'close',
        ...(call.body ? { 'content-length': String(Buffer.byteLength(call.body)) } : {}),
        ...call.headers,
      },
    });
    let interim = 0;
    outgoing.on('information', () => {
      if (++interim > MAX_INTERIM) outgoing.destroy(new Error('the server sends interim answers without end'));
    });
    // After a refused upgrade the answer never comes; it is refused here.
    outgoing.on('upgrade', (_answer, upgraded: Socket) => {
      upgraded.destroy();
      reject(new Error('the server switched to another protocol'));
    });
    outgoing.on('error', reject);
    outgoing.on('response', (answer) => {
      const firstByteMs = round(monotonic() - from);
      const parts: Buffer[] = [];
      let size = 0;
      const done = () =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          body: Buffer.concat(parts).subarray(0, most).toString('utf8'),
          firstByteMs,
        });
      answer.on('data', (part: Buffer) => {
        parts.push(part);
        size += part.length;
        if (size >= most) done();
      });
      answer.on('end', done);
      answer.on('error', reject);
      answer.on('close', () => {
        if (!answer.complete && size < most) reject(new Error('the connection was cut in the middle of the answer'));
      });
    });
    outgoing.end(call.body || undefined);
  });
}
