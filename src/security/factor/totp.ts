/** Codes by time: TOTP (RFC 6238) over HOTP (RFC 4226), base32 (RFC 4648), and recovery codes. Pure but for the random bytes. */
import { createHmac, randomBytes } from 'node:crypto';
import { sameText } from '#kernel';

export const STEP_SECONDS = 30;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Bytes as base32 without padding, as authenticator apps take it. */
export function base32(bytes: Buffer): string {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      text += ALPHABET[(value >>> (bits - 5)) & 31];
      bits -= 5;
    }
  }
  return bits > 0 ? text + ALPHABET[(value << (5 - bits)) & 31] : text;
}

/** Base32 as bytes; spaces and case do not matter. Throws a RangeError on any other character. */
export function fromBase32(text: string): Buffer {
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const letter of text.toUpperCase().replaceAll(/[\s=]/g, '')) {
    const at = ALPHABET.indexOf(letter);
    if (at < 0) throw new RangeError('not base32');
    value = ((value << 5) | at) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bytes.push((value >>> (bits - 8)) & 255);
      bits -= 8;
    }
  }
  return Buffer.from(bytes);
}

/** A fresh shared secret of 160 bits, the length RFC 4226 recommends. */
export const newSecret = (): Buffer => randomBytes(20);

/** The code of one counter value (RFC 4226, 5.3), with leading zeros. */
export function hotp(secret: Buffer, counter: number, digits = 6): string {
  const moving = Buffer.alloc(8);
  moving.writeBigUInt64BE(BigInt(counter));
  const hash = createHmac('sha1', secret).update(moving).digest();
  const offset = hash[19]! & 15;
  return String((hash.readUInt32BE(offset) & 0x7fffffff) % 10 ** digits).padStart(digits, '0');
}

/** The number of the 30-second step in which an instant lies. */
export const stepOf = (now: Date): number => Math.floor(now.getTime() / 1000 / STEP_SECONDS);

/**
 * The step a code belongs to: the present one or one beside it, for clocks that differ and people who type slowly.
 * Undefined when it is none of the three. Whether that step was used before is the caller's to check.
 */
export function stepOfCode(secret: Buffer, code: string, now: Date): number | undefined {
  const present = stepOf(now);
  return [present, present - 1, present + 1].find((step) => sameText(hotp(secret, step), code));
}

/** The address a phone opens to add the account (Key Uri Format of the common authenticator apps). */
export function otpauthLink(secret: Buffer, account: string, issuer: string): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`;
  const query = `secret=${base32(secret)}&issuer=${encodeURIComponent(issuer)}`;
  return `otpauth://totp/${label}?${query}&algorithm=SHA1&digits=6&period=${STEP_SECONDS}`;
}

/** The secret in groups of four, to be typed. */
export const grouped = (secret: Buffer): string => base32(secret).replaceAll(/.{4}(?=.)/g, '$& ');

/** Ten codes of 50 random bits, each good once, for the day the phone is gone. */
export const newRecoveryCodes = (): string[] =>
  Array.from({ length: 10 }, () => {
    const text = base32(randomBytes(7)).slice(0, 10).toLowerCase();
    return `${text.slice(0, 5)}-${text.slice(5)}`;
  });

/** What a person typed, as one of the two kinds of code; undefined when it is neither. */
export function readCode(typed: string): { kind: 'time' | 'recovery'; code: string } | undefined {
  const code = typed.replaceAll(/[\s-]/g, '').toLowerCase();
  if (/^\d{6}$/.test(code)) return { kind: 'time', code };
  return /^[a-z2-7]{10}$/.test(code) ? { kind: 'recovery', code } : undefined;
}
