/** A timeline on a screen has no holes, whatever arrived while nobody looked. */
import { describe, expect, it } from 'vitest';
import type { TimelineEntry } from '#contract/incidents';
import { joined } from './entries.ts';

const entry = (seq: number) => ({ seq }) as TimelineEntry;
const down = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, i) => entry(from - i));
const seqs = (held: { entries: TimelineEntry[] }) => held.entries.map(({ seq }) => seq);

describe('a fresh page of the timeline', () => {
  it('joins what is shown, and the way to older entries stays', () => {
    const held = { of: 'a', entries: down(10, 1), cursor: null };
    const next = joined(held, 'a', { items: down(12, 8), nextCursor: 'c' });
    expect(seqs(next)).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(next.cursor).toBeNull();
  });
  it('after a long absence begins anew instead of leaving a hole', () => {
    const held = { of: 'a', entries: down(10, 1), cursor: null };
    const next = joined(held, 'a', { items: down(90, 31), nextCursor: 'c' });
    expect(seqs(next)).toEqual(down(90, 31).map(({ seq }) => seq));
    expect(next.cursor).toBe('c');
  });
  it('of another filter replaces what is shown', () => {
    const next = joined({ of: 'a', entries: down(10, 1), cursor: null }, 'b', { items: [entry(4)], nextCursor: null });
    expect(seqs(next)).toEqual([4]);
  });
});
