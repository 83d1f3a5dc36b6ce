/**
 * A push service and its browsers: gives out subscriptions with real keys, refuses what a real one refuses (no TTL, a
 * wrong or foreign VAPID token, a body too large), and decrypts each message as the browser would, by an implementation
 * of its own (Web Crypto, RFC 8291 and 8292).
 */
import { createECDH, randomBytes, webcrypto } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const { subtle } = webcrypto;

export interface PushMessage {
  endpoint: string;
  headers: Record<string, string | string[] | undefined>;
  /** The claims of the VAPID token. */
  claims: { aud: string; exp: number; sub: string };
  /** What the browser reads. */
  text: string;
  json: any;
}

export interface FakeBrowser {
  /** What `PushSubscription.toJSON()` gives. */
  subscription: { endpoint: string; keys: { p256dh: string; auth: string } };
  /** What arrived here, oldest first. */
  messages: PushMessage[];
}

type Answer = { status: number; headers?: Record<string, string>; body?: string } | undefined;
export type PushService = Awaited<ReturnType<typeof openPushService>>;

const bytes = (text: string) => Buffer.from(text, 'base64url');

async function hkdf(salt: Uint8Array, secret: Uint8Array, info: Uint8Array, length: number): Promise<Buffer> {
  const key = await subtle.importKey('raw', secret as never, 'HKDF', false, ['deriveBits']);
  const parts = { name: 'HKDF', hash: 'SHA-256', salt: salt as never, info: info as never };
  return Buffer.from(await subtle.deriveBits(parts, key, length * 8));
}

/** The browser's side of RFC 8291. */
async function decrypt(body: Buffer, own: ReturnType<typeof createECDH>, auth: Buffer): Promise<string> {
  const salt = body.subarray(0, 16);
  const idLength = body[20] ?? 0;
  const sender = body.subarray(21, 21 + idLength);
  const shared = own.computeSecret(sender);
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), own.getPublicKey(), sender]);
  const secret = await hkdf(auth, shared, info, 32);
  const key = await hkdf(salt, secret, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
  const iv = await hkdf(salt, secret, Buffer.from('Content-Encoding: nonce\0'), 12);
  const aes = await subtle.importKey('raw', key as never, 'AES-GCM', false, ['decrypt']);
  const padded = Buffer.from(
    await subtle.decrypt({ name: 'AES-GCM', iv: iv as never }, aes, body.subarray(21 + idLength) as never),
  );
  const end = padded.lastIndexOf(2);
  if (end < 0 || padded.subarray(end + 1).some((byte) => byte !== 0)) throw new Error('no delimiter');
  return padded.subarray(0, end).toString('utf8');
}

/** The claims of a token that fits: made with `key`, for `origin`, not over and at most a day ahead. Throws otherwise. */
async function checkVapid(header: string, key: string, origin: string, now: Date): Promise<PushMessage['claims']> {
  const [, token = '', given = ''] = /^vapid t=([^,\s]+),\s*k=([\w-]+)$/.exec(header) ?? [];
  if (given !== key) throw new Error('this subscription belongs to another key');
  const [head = '', body = '', mac = ''] = token.split('.');
  const { alg } = JSON.parse(bytes(head).toString('utf8'));
  if (alg !== 'ES256') throw new Error('alg');
  const curve = { name: 'ECDSA', namedCurve: 'P-256' };
  const verifier = await subtle.importKey('raw', bytes(key) as never, curve, false, ['verify']);
  const hash = { name: 'ECDSA', hash: 'SHA-256' };
  if (!(await subtle.verify(hash, verifier, bytes(mac) as never, Buffer.from(`${head}.${body}`))))
    throw new Error('signature');
  const claims = JSON.parse(bytes(body).toString('utf8'));
  const ahead = claims.exp - now.getTime() / 1000;
  if (claims.aud !== origin || ahead <= 0 || ahead > 86_400) throw new Error('aud or exp');
  if (!/^(mailto:|https?:)/.test(claims.sub)) throw new Error('sub');
  return claims;
}

/** `now`: the clock that tokens are checked against. */
export async function openPushService(now: () => Promise<Date>) {
  const browsers = new Map<string, FakeBrowser & { own: ReturnType<typeof createECDH>; auth: Buffer; key: string }>();
  const refused: string[] = [];
  let decide: ((endpoint: string) => Answer | Promise<Answer>) | undefined;
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts);
    const say = (status: number, text = '', headers: Record<string, string> = {}) => {
      if (status >= 400) refused.push(`${status} ${text}`);
      response.writeHead(status, headers).end(text);
    };
    const endpoint = `${origin()}${request.url}`;
    const browser = browsers.get(endpoint);
    const chosen = await decide?.(endpoint);
    if (chosen) return say(chosen.status, chosen.body, chosen.headers);
    if (!browser) return say(404, 'no such subscription');
    if (request.method !== 'POST' || !/^\d+$/.test(String(request.headers.ttl))) return say(400, 'TTL');
    if (request.headers['content-encoding'] !== 'aes128gcm') return say(400, 'content-encoding');
    if (body.length > 4096) return say(413, 'too large');
    if (request.headers.topic && !/^[\w-]{1,32}$/.test(String(request.headers.topic))) return say(400, 'topic');
    try {
      const claims = await checkVapid(request.headers.authorization ?? '', browser.key, origin(), await now());
      const text = await decrypt(body, browser.own, browser.auth);
      browser.messages.push({ endpoint, headers: request.headers, claims, text, json: JSON.parse(text) });
      say(201, '', { location: `${origin()}/m/${randomBytes(6).toString('hex')}` });
    } catch (error) {
      say(403, (error as Error).message);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: origin(),
    /** What was refused, and why. */
    refused,
    /** A browser subscribes with the product's public key. */
    subscribe(applicationServerKey: string): FakeBrowser {
      const own = createECDH('prime256v1');
      own.generateKeys();
      const auth = randomBytes(16);
      const endpoint = `${origin()}/wpush/v2/${randomBytes(24).toString('base64url')}`;
      const subscription = {
        endpoint,
        keys: { p256dh: own.getPublicKey().toString('base64url'), auth: auth.toString('base64url') },
      };
      const browser = { subscription, messages: [], own, auth, key: applicationServerKey };
      browsers.set(endpoint, browser);
      return browser;
    },
    /** Decides about every later message; without an argument, takes what is right. */
    answer(next?: typeof decide) {
      decide = next;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
