/** The soak clock. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { everyFor, judge, nextSample, type Sampled, type Soak, type Verdict } from './model.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1000);
const rule = { soakSeconds: 60, everySeconds: 10, counting: true };
const fresh: Soak = { state: 'sampling', cleanSince: null, sampledAt: null };
const samples = (...verdicts: Verdict[]): Sampled[] =>
  verdicts.map((verdict, i) => ({ name: `c${i}`, verdict, detail: '' }));

/** Plays a row of rounds, ten seconds apart. */
function play(rounds: Sampled[][], counting = true): { soak: Soak; met: boolean[] } {
  let soak = fresh;
  const met = rounds.map((round, i) => {
    const judged = judge(soak, round, { ...rule, counting }, at(i * 10));
    soak = { ...judged, sampledAt: at(i * 10) };
    return judged.state === 'met';
  });
  return { soak, met };
}

describe('restored needs every criterion true through the whole soak', () => {
  test('true for the whole soak: met, and only then', () => {
    expect(play(Array.from({ length: 8 }, () => samples('true', 'true'))).met).toEqual([
      false,
      false,
      false,
      false,
      false,
      false,
      true,
      true,
    ]);
  });

  test('any false or unknown sample restarts the clock, whatever came before (property)', () => {
    const round = fc.array(fc.constantFrom<Verdict>('true', 'true', 'true', 'true', 'true', 'false', 'unknown'), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(fc.array(round, { maxLength: 40 }), (rounds) => {
        const { met } = play(rounds.map((one) => samples(...one)));
        for (const [i, now] of met.entries()) {
          const window = rounds.slice(Math.max(0, i - 6), i + 1);
          const allTrue = window.length === 7 && window.every((one) => one.every((verdict) => verdict === 'true'));
          expect(now).toBe(allTrue);
        }
      }),
    );
  });

  test('after it was met, one bad sample takes it away again', () => {
    const good = Array.from({ length: 8 }, () => samples('true'));
    expect(play([...good, samples('unknown')]).met.at(-1)).toBe(false);
  });

  test('samples that were not taken do not count as true: a gap restarts the clock', () => {
    const judged = judge({ state: 'sampling', cleanSince: at(0), sampledAt: at(50) }, samples('true'), rule, at(600));
    expect(judged).toMatchObject({
      state: 'sampling',
      cleanSince: at(600),
      broke: expect.stringContaining('no samples'),
    });
  });

  test('before containment nothing soaks, and no criterion at all is never ready', () => {
    expect(
      play(
        Array.from({ length: 20 }, () => samples('true')),
        false,
      ).met,
    ).not.toContain(true);
    expect(play(Array.from({ length: 20 }, () => [])).met).not.toContain(true);
  });

  test('the reasons name every false or unknown criterion', () => {
    const round: Sampled[] = [
      { name: 'Checkout answers', verdict: 'false', detail: 'answered 503' },
      { name: 'Queue is short', verdict: 'unknown', detail: 'no answer' },
      { name: 'Login works', verdict: 'true', detail: '' },
    ];
    expect(judge(fresh, round, rule, at(0)).reasons).toEqual([
      'Checkout answers is false: answered 503',
      'Queue is short is unknown: no answer',
    ]);
  });
});

test('it samples exactly at the end of the soak', () => {
  const judged = judge(
    { state: 'sampling', cleanSince: at(0), sampledAt: at(50) },
    samples('true'),
    { ...rule, soakSeconds: 63 },
    at(60),
  );
  expect(nextSample(judged, { ...rule, soakSeconds: 63 }, at(60))).toEqual(at(63));
});
test('a short soak is looked at more often', () => {
  expect([everyFor(0, 10), everyFor(5, 10), everyFor(30, 10), everyFor(3600, 10)]).toEqual([1, 1, 6, 10]);
});
