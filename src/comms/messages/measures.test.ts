/** How well words are kept, counted by table: updates in time per quarter, promises once each. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Mark, openLedger } from '../subscribers/walk/ledger.ts';
import { punctuality, quarterOf, scoreOf } from './measures.ts';
import { sayShare } from './known.ts';

const at = (iso: string) => new Date(`${iso}:00Z`);

describe('punctuality', () => {
  it('is updates on time ÷ updates due, per quarter, with a minute of grace', () => {
    const now = at('2026-11-24T12:00');
    const owed = [
      { dueAt: at('2026-09-30T23:59'), publishedAt: new Date('2026-10-01T00:00:00Z') }, // a minute late: grace, third quarter
      { dueAt: at('2026-10-05T10:00'), publishedAt: at('2026-10-05T09:50') },
      { dueAt: at('2026-10-06T10:00'), publishedAt: at('2026-10-06T10:02') }, // late
      { dueAt: at('2026-11-24T11:00'), publishedAt: null }, // never came
      { dueAt: at('2026-11-24T12:30'), publishedAt: null }, // not due yet
    ];
    expect(punctuality(owed, now)).toEqual([
      { quarter: '2026-Q4', due: 3, onTime: 1, share: 1 / 3 },
      { quarter: '2026-Q3', due: 1, onTime: 1, share: 1 },
    ]);
    expect(quarterOf(at('2026-01-01T00:00'))).toBe('2026-Q1');
  });
});

describe('promises', () => {
  it('each is scored once as kept, missed or withdrawn; what was withdrawn in time is listed, not counted', () => {
    expect(scoreOf(['kept', 'kept', 'missed', 'withdrawn', 'open'])).toEqual({
      kept: 2,
      missed: 1,
      withdrawn: 1,
      open: 1,
      share: 2 / 3,
    });
    expect(scoreOf(['open', 'withdrawn']).share).toBeNull();
  });

  it('a share is said as people say it', () => {
    expect([20, 50, 2, 12, 66, 99, 0.05].map(sayShare)).toEqual([
      'about 1 in 5',
      'about half',
      'about 1 in 50',
      'about 1 in 8',
      'about 2 in 3',
      'almost all',
      'fewer than 1 in 1000',
    ]);
  });
});

describe('the book of a walk', () => {
  const none: Mark = { after: '', ahead: [], sent: 0, failed: 0, handed: 0 };
  const idOf = (n: number) => `sub_${String(n).padStart(4, '0')}`;

  it('whatever order outcomes come in, and wherever it is cut: nobody is missed, and at most the window is repeated (property)', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 80 }),
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.nat({ max: 1000 }), { minLength: 1, maxLength: 400 }),
        fc.nat({ max: 400 }),
        (count, window, choices, cut) => {
          const done = new Map<string, number>();
          const everybody = Array.from({ length: count }, (_, n) => idOf(n));
          // One process works until it is cut off; only what was recorded is known to the next.
          const work = (from: Mark, most: number) => {
            const ledger = openLedger(from, window);
            const open: string[] = [];
            const rest = everybody.filter((id) => id > from.after);
            let mark = from;
            for (let step = 0; step < most; step++) {
              const choice = choices[step % choices.length] ?? 0;
              while (rest.length > 0 && ledger.hasRoom()) {
                const id = rest.shift() as string;
                if (ledger.begin(id)) open.push(id);
              }
              if (open.length > 0 && (choice % 3 !== 0 || !ledger.pending())) {
                const [id = ''] = open.splice(choice % open.length, 1);
                done.set(id, (done.get(id) ?? 0) + 1);
                ledger.settle(id, 'sent');
              } else {
                const next = ledger.pending();
                if (next) {
                  mark = next;
                  ledger.recorded(next);
                } else if (rest.length === 0 && open.length === 0) break;
              }
            }
            return mark;
          };
          const mark = work(none, cut);
          const before = [...done.values()].reduce((sum, n) => sum + n, 0);
          expect(before - mark.sent).toBeLessThanOrEqual(window);
          work(mark, 100_000);
          expect([...done.keys()].sort()).toEqual(everybody);
          const repeated = [...done.values()].reduce((sum, n) => sum + n - 1, 0);
          expect(repeated).toBeLessThanOrEqual(window);
        },
      ),
      { numRuns: 300 },
    );
  });
});
