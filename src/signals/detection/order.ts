/**
 * The order of values: whether this value ever followed those before it. The smoothed value is written as one of four
 * letters; what is counted is for how many lengths of memory (none to six letters) a known past is followed by a letter
 * that never followed it.
 */
const LETTERS = 4;
const LONGEST = 6;
const SMOOTH = 0.3;
/** Where the words of each length begin in the table of words seen: 4 + 16 + … + 4⁷ bits, under 3 kB. */
const OFFSETS: number[] = [];
let bits = 0;
for (let length = 1; length <= LONGEST + 1; length++) {
  OFFSETS.push(bits);
  bits += LETTERS ** length;
}
const BYTES = Math.ceil(bits / 8);

export interface Order {
  value: number | null;
  low: number;
  high: number;
  /** The last letters, the youngest first. */
  past: number[];
  /** One bit for every word seen. */
  words: Uint8Array;
  /** How often the value was new to so many lengths of memory; the place is their number. */
  counts: number[];
}

export const newOrder = (): Order => ({
  value: null,
  low: 0,
  high: 0,
  past: [],
  words: new Uint8Array(BYTES),
  counts: new Array<number>(LONGEST + 2).fill(0),
});

/** What was found: the surprise, and of how many lengths of memory the value had never been the next. */
export interface OrderFound {
  surprise: number;
  unseen: number;
}

export function stepOrder(order: Order, value: number): OrderFound {
  if (order.value === null) {
    order.value = order.low = value;
    order.high = value + 1e-9;
  }
  order.value += (value - order.value) * SMOOTH;
  order.low = Math.min(order.low, order.value);
  order.high = Math.max(order.high, order.value);
  const share = (order.value - order.low) / (order.high - order.low);
  const letter = Math.min(LETTERS - 1, Math.floor(share * LETTERS));
  let unseen = 0;
  let past = 0;
  for (let length = 0; length <= Math.min(LONGEST, order.past.length); length++) {
    if (length > 0) past = past * LETTERS + (order.past[length - 1] ?? 0);
    const first = (OFFSETS[length] ?? 0) + past * LETTERS;
    if (!has(order.words, first + letter) && known(order.words, first)) unseen += 1;
    put(order.words, first + letter);
  }
  order.past.unshift(letter);
  if (order.past.length > LONGEST) order.past.pop();
  return { surprise: rarity(order.counts, unseen), unseen };
}

/** −log₁₀ of the share of values that were at least as new so far; one more is thought of than was counted (Laplace). */
function rarity(counts: number[], unseen: number): number {
  const all = counts.reduce((sum, count) => sum + count, 0);
  const asNew = counts.slice(unseen).reduce((sum, count) => sum + count, 0);
  counts[unseen] = (counts[unseen] ?? 0) + 1;
  return unseen === 0 ? 0 : -Math.log10((asNew + 1) / (all + 2));
}

const has = (words: Uint8Array, bit: number): boolean => ((words[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0;
const put = (words: Uint8Array, bit: number): void => {
  words[bit >> 3] = (words[bit >> 3] ?? 0) | (1 << (bit & 7));
};
/** Whether any letter has ever followed this past: its four bits stand side by side. */
const known = (words: Uint8Array, first: number): boolean => (((words[first >> 3] ?? 0) >> (first & 7)) & 0b1111) !== 0;
