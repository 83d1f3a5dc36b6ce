/** Ids: a prefix that says what it is, then 26 characters that sort by time (ULID layout, Crockford base 32, lower case). */
import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

let lastTime = 0;
let lastRandom = 0n;

/** A new id such as `inc_01kax…`; ids made by one process in the same millisecond still sort in order. */
export function newId(prefix: string): string {
  const time = Math.max(Date.now(), lastTime);
  lastRandom = time === lastTime ? lastRandom + 1n : BigInt(`0x${randomBytes(9).toString('hex')}`);
  lastTime = time;
  let value = (BigInt(time) << 80n) | lastRandom;
  let text = '';
  for (let i = 0; i < 26; i++) {
    text = ALPHABET[Number(value & 31n)] + text;
    value >>= 5n;
  }
  return `${prefix}_${text}`;
}

/** True for a well-formed id of that prefix; a malformed id is answered as "not found", never as an error of the database. */
export function isId(prefix: string, value: string): boolean {
  return value.length === prefix.length + 27 && new RegExp(`^${prefix}_[0-9a-hjkmnp-tv-z]{26}$`).test(value);
}
