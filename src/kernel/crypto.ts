/** Keys, sealed values, hashes and chains. Everything secret at rest goes through `seal`. */
import { createCipheriv, createDecipheriv, createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import stringify from 'safe-stable-stringify';
import { config, dataPath } from './config.ts';

let key: Buffer | undefined;

/** The installation key: `EVENKEEL_SECRET_KEY`, else `secret.key` in the data directory (made once, mode 0600). */
function installationKey(): Buffer {
  if (key) return key;
  if (config.secretKey) {
    key = Buffer.from(config.secretKey, 'base64');
  } else {
    const file = join(dataPath(), 'secret.key');
    if (!existsSync(file)) {
      writeFileSync(file, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
      chmodSync(file, 0o600);
    }
    key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64');
  }
  if (key.length !== 32)
    throw new Error('The installation key must be 32 bytes in base64. Restore the key file from your backup.');
  return key;
}

/** Forgets the loaded key; for tests that change the data directory. */
export function resetKey(): void {
  key = undefined;
  derived.clear();
}

/** A key derived for one purpose, so that no two purposes share one. */
export function derivedKey(purpose: string): Buffer {
  let own = derived.get(purpose);
  if (!own)
    derived.set(purpose, (own = createHmac('sha256', installationKey()).update(`evenkeel/${purpose}`).digest()));
  return own;
}
const derived = new Map<string, Buffer>();

/** Encrypts with AES-256-GCM. `aad` binds the value to its place (`channels.smtp`, a row id), so that values cannot be swapped. */
export function seal(text: string, aad: string): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', derivedKey('seal'), iv);
  cipher.setAAD(Buffer.from(aad));
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return `v1.${Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')}`;
}

/** Opens what `seal` closed. Throws when the key, the place or a byte differs. */
export function unseal(sealed: string, aad: string): string {
  const bytes = Buffer.from(sealed.slice(3), 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', derivedKey('seal'), bytes.subarray(0, 12));
  decipher.setAAD(Buffer.from(aad));
  decipher.setAuthTag(bytes.subarray(12, 28));
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
}

export const sha256hex = (data: string | Buffer) => hash('sha256', data, 'hex');

/** Keyed digest (hex) for tokens and addresses that must be found again but never read. */
export const keyedHash = (purpose: string, text: string) =>
  createHmac('sha256', derivedKey(purpose)).update(text).digest('hex');

export const hmacSha256 = (secret: string | Buffer, data: string | Buffer) =>
  createHmac('sha256', secret).update(data).digest();

/** Compares without telling by time; unequal lengths are simply unequal. */
export function sameText(a: string, b: string): boolean {
  const x = Buffer.from(a);
  const y = Buffer.from(b);
  return x.length === y.length && timingSafeEqual(x, y);
}

/** An unguessable token of `bytes` random bytes, base64url. */
export const randomToken = (bytes = 32) => randomBytes(bytes).toString('base64url');

/** JSON with sorted keys and no spaces: the same value always gives the same bytes. Dates become ISO text. */
export const canonicalJson = (value: unknown): string => stringify(value) ?? 'null';

/** One link of a hash chain: SHA-256 over the previous hash and the canonical entry (domain 2.4, invariant 2). */
export const chainHash = (previous: string, entry: unknown) => sha256hex(`${previous}\n${canonicalJson(entry)}`);

/** The hash before the first entry. */
export const CHAIN_START = '0'.repeat(64);

/** The header by which an installation knows its own posts when they come back to it. */
export const OWN_MARK = 'evenkeel-from';
/** What stands in it: the same on every node, and nothing about the installation to anybody else. */
export const ownMark = (): string => keyedHash('own-mark', 'posts').slice(0, 24);
