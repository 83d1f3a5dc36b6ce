/** Change of level: the mean of the last few values against the mean of as many before, at three lengths. */
import { newTail, surprise, type Tail } from './tail.ts';

/** Values per half; at one value in five minutes one, two and four hours. */
export const LENGTHS = [12, 24, 48] as const;
const RING = 2 * LENGTHS[LENGTHS.length - 1]!;

interface Scale {
  /** Sums of the younger and the older half. */
  recent: number;
  before: number;
  up: Tail;
  down: Tail;
}

export interface Change {
  ring: number[];
  seen: number;
  scales: Scale[];
}

export const newChange = (): Change => ({
  ring: new Array<number>(RING).fill(0),
  seen: 0,
  scales: LENGTHS.map(() => ({ recent: 0, before: 0, up: newTail(), down: newTail() })),
});

/** What was found: the surprise (mean over the lengths) and, of the most surprising length, the two means. */
export interface ChangeFound {
  surprise: number;
  length: number;
  from: number;
  to: number;
}

/** Takes in a value. Sums are kept relative to the first value, so that large values lose no digits. */
export function stepChange(change: Change, value: number): ChangeFound {
  const at = (ago: number) => change.ring[(change.seen - ago + RING * 2) % RING] ?? 0;
  const found: ChangeFound = { surprise: 0, length: LENGTHS[0], from: value, to: value };
  let most = -1;
  LENGTHS.forEach((length, i) => {
    const scale = change.scales[i]!;
    scale.recent += value;
    if (change.seen >= length) {
      const leaving = at(length);
      scale.recent -= leaving;
      scale.before += leaving;
      if (change.seen >= 2 * length) scale.before -= at(2 * length);
    }
    const older = Math.min(length, Math.max(0, change.seen + 1 - length));
    const to = scale.recent / Math.min(length, change.seen + 1);
    const from = older > 0 ? scale.before / older : to;
    const rarity = Math.max(surprise(scale.up, to - from), surprise(scale.down, from - to));
    found.surprise += rarity / LENGTHS.length;
    if (rarity > most) {
      most = rarity;
      Object.assign(found, { length, from, to });
    }
  });
  change.ring[change.seen % RING] = value;
  change.seen += 1;
  return found;
}
