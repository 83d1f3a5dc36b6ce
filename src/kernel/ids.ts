/** Ids: a prefix that says what it is, then 26 characters that sort by time (ULID layout, Crockford base 32, lower case). */
import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

let lastTime = 0;
/** The first twelve of sixteen random digits of 5 bits each. */
let high: number[] = [];
/** The time and those digits as text. */
let head = '';
/** The last four digits, counted up within a millisecond. */
let low = 0;
const LOW_END = 32 ** 4;

const PAIRS = Array.from({ length: 1024 }, (_, n) => ALPHABET[n >> 5]! + ALPHABET[n & 31]!);

/** A new id such as `inc_01kax…`; ids made by one process in the same millisecond still sort in order. */
export function newId(prefix: string): string {
  const time = Math.max(Date.now(), lastTime);
  low += 1;
  if (time !== lastTime || low === LOW_END) {
    if (time === lastTime) {
      countUp(high);
      low = 0;
    } else draw();
    lastTime = time;
    head = textOf(time);
  }
  return `${prefix}_${head}${PAIRS[low >> 10]}${PAIRS[low & 1023]}`;
}

function textOf(time: number): string {
  let text = '';
  for (let i = 0, rest = time; i < 10; i++) {
    text = ALPHABET[rest % 32] + text;
    rest = Math.floor(rest / 32);
  }
  for (const digit of high) text += ALPHABET[digit];
  return text;
}

/** The first digit stays low, so that counting up does not run over. */
function draw(): void {
  const digits = [...randomBytes(16)].map((byte) => byte & 31);
  digits[0] = digits[0]! & 15;
  high = digits.slice(0, 12);
  low = digits.slice(12).reduce((sum, digit) => sum * 32 + digit, 0);
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
