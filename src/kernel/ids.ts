/** Ids: a prefix that says what it is, then 26 characters that sort by time (ULID layout, Crockford base 32, lower case). */
import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

let lastTime = 0;
/** 80 random bits as sixteen digits of 5 bits each. */
let lastRandom: number[] = [];

/** A new id such as `inc_01kax…`; ids made by one process in the same millisecond still sort in order. */
export function newId(prefix: string): string {
  const time = Math.max(Date.now(), lastTime);
  if (time === lastTime) countUp(lastRandom);
  else lastRandom = drawn();
  lastTime = time;
  let text = '';
  for (let i = 0, rest = time; i < 10; i++) {
    text = ALPHABET[rest % 32] + text;
    rest = Math.floor(rest / 32);
  }
  for (const digit of lastRandom) text += ALPHABET[digit];
  return `${prefix}_${text}`;
}

/** The first digit stays low, so that counting up does not run over. */
function drawn(): number[] {
  const digits = [...randomBytes(16)].map((byte) => byte & 31);
  digits[0] = digits[0]! & 15;
  return digits;
}

function countUp(digits: number[]): void {
  for (let i = digits.length - 1; i >= 0; i--) {
    digits[i] = (digits[i]! + 1) & 31;
    if (digits[i] !== 0) return;
  }
}

/** True for a well-formed id of that prefix; a malformed id is answered as "not found", never as an error of the database. */
export function isId(prefix: string, value: string): boolean {
  return value.length === prefix.length + 27 && new RegExp(`^${prefix}_[0-9a-hjkmnp-tv-z]{26}$`).test(value);
}
