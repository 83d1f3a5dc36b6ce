/** The sixteen ordered checks: each has a fact that it refuses or asks for, by its rule id, and unknown never passes. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { admit, type Facts } from './checks.ts';
import { directionChanges } from './facts.ts';
import { FORCEABLE, NUMBER, RULES } from './rules.ts';

/** Everything is as it should be: a rehearsed automatic action. */
const fine: Facts = {
  pause: null,
  exercise: false,
  simulated: false,
  liveTarget: false,
  incident: { active: true, text: '' },
  authority: { given: true, lacking: null },
  connector: { ok: true, detail: '', expires: null },
  conditions: [{ expr: 'probe.up.value', verdict: 'true', detail: null }],
  wanted: false,
  concurrency: null,
  cooldown: null,
  oscillation: null,
  radius: [],
  storm: null,
  capacity: { useAfterPct: 60, limitPct: 80 },
  dryRun: { valid: true, text: '' },
  autonomy: { wanted: 'auto', got: 'auto', held: [], risk: 'reversible' },
  knownBad: null,
  forced: [],
  agreed: false,
};

const cases: [number, string, Partial<Facts>, string][] = [
  [1, RULES.paused, { pause: { by: 'Ada', reason: 'odd' } }, 'refuse'],
  [2, RULES.simulator, { exercise: true }, 'refuse'],
  [3, RULES.incident, { incident: { active: false, text: 'closed' } }, 'refuse'],
  [4, RULES.authority, { authority: { given: false, lacking: null } }, 'refuse'],
  [5, RULES.connector, { connector: { ok: false, detail: 'no credential', expires: null } }, 'refuse'],
  [5, RULES.connector, { connector: { ok: true, detail: '', expires: 'its credential runs out' } }, 'refuse'],
  [6, RULES.preconditions, { conditions: [{ expr: 'x', verdict: 'false', detail: null }] }, 'refuse'],
  [6, RULES.preconditions, { conditions: [{ expr: 'x', verdict: 'unknown', detail: 'stale' }] }, 'refuse'],
  [7, RULES.wanted, { wanted: true }, 'skip'],
  [9, RULES.concurrency, { concurrency: { group: 'db', holder: 'x', onConflict: 'refuse' } }, 'refuse'],
  [9, RULES.concurrency, { concurrency: { group: 'db', holder: 'x', onConflict: 'queue' } }, 'wait'],
  [10, RULES.cooldown, { cooldown: 'too soon' }, 'refuse'],
  [10, RULES.oscillation, { oscillation: 'to and fro' }, 'refuse'],
  [11, RULES.radius, { radius: ['services: 5, allowed 2'] }, 'ask'],
  [11, RULES.storm, { storm: '12 are active' }, 'refuse'],
  [12, RULES.capacity, { capacity: { useAfterPct: 81, limitPct: 80 } }, 'refuse'],
  [12, RULES.capacity, { capacity: { useAfterPct: null, limitPct: 80 } }, 'refuse'],
  [13, RULES.dryRun, { dryRun: { valid: false, text: 'none yet' } }, 'ask'],
  [
    14,
    RULES.rehearsal,
    {
      autonomy: {
        wanted: 'auto',
        got: 'approve',
        held: [{ rule: RULES.rehearsal, message: 'never tried' }],
        risk: 'reversible',
      },
    },
    'ask',
  ],
  [15, RULES.knownBad, { knownBad: { symptom: 'made it worse', acknowledged: false } }, 'ask'],
  [16, RULES.veto, { autonomy: { wanted: 'veto', got: 'veto', held: [], risk: 'compensable' } }, 'skip'],
];

describe('the sixteen checks', () => {
  test('when everything is as it should be it runs by itself, and each check has its verdict, in order', () => {
    const { results, refused, ask, autonomy } = admit(fine);
    expect([refused, ask, autonomy]).toEqual([[], [], 'auto']);
    const numbers = results.map((one) => one.n);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    expect(new Set(numbers)).toEqual(new Set(Array.from({ length: 16 }, (_, n) => n + 1)));
  });

  test.each(cases)('check %i: %s', (n, rule, change, verdict) => {
    const { results, autonomy } = admit({ ...fine, ...change });
    expect(results.find((one) => one.rule === rule && one.verdict === verdict)).toMatchObject({ n });
    if (verdict === 'ask') expect(autonomy).toBe('approve');
    expect(NUMBER[rule]).toBe(n);
  });

  test('unknown satisfies neither a precondition nor the capacity that stays, whatever else is true (property, invariant 21)', () => {
    const verdict = fc.constantFrom('true' as const, 'false' as const, 'unknown' as const);
    const share = fc.option(fc.integer({ min: 0, max: 120 }), { nil: null });
    fc.assert(
      fc.property(fc.array(verdict, { maxLength: 4 }), share, fc.boolean(), (verdicts, useAfterPct, agreed) => {
        const conditions = verdicts.map((one, n) => ({ expr: `c${n}`, verdict: one, detail: null }));
        const { refused } = admit({ ...fine, conditions, capacity: { useAfterPct, limitPct: 80 }, agreed });
        const allowed = verdicts.every((one) => one === 'true') && useAfterPct !== null && useAfterPct <= 80;
        expect(refused.length === 0).toBe(allowed);
      }),
    );
  });

  test('a forced guard is passed by and says so; keys, drills, authority, connectors and pauses never are', () => {
    const forced = Object.values(RULES);
    const { results } = admit({ ...fine, cooldown: 'too soon', forced });
    expect(results.find((one) => one.rule === RULES.cooldown)?.verdict).toBe('forced');
    for (const [, rule, change, verdict] of cases.filter(([, one]) => !FORCEABLE.includes(one)))
      expect(admit({ ...fine, ...change, forced }).results).toContainEqual(expect.objectContaining({ rule, verdict }));
  });

  test('doing, undoing and doing again is counted as changes of direction', () => {
    const send = (direction: string, intentHash = 'a') => ({ direction, intentHash });
    expect(directionChanges([send('apply'), send('undo'), send('apply'), send('undo')])).toBe(3);
    expect(directionChanges([send('apply', 'a'), send('apply', 'b'), send('apply', 'a')])).toBe(2);
    expect(directionChanges([send('apply'), send('apply')])).toBe(0);
  });
});
