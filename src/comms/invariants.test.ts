/** What holds of messages whatever happens (domain 2.4, invariants 14 to 16), as properties; 12 and 13 stand beside what they prove. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nextDue } from './cadence/model.ts';
import { cadenceFor, defaultCadence } from './cadence/policy.ts';
import { lintMessage, lintText, updateFields } from './lint/index.ts';

const T0 = new Date('2026-11-24T09:00:00Z');
const at = (minutes: number) => new Date(T0.getTime() + minutes * 60_000);
const phase = fc.constantFrom('detection', 'containment', 'eradication', 'recovery', 'verification');

it('invariant 14: a published update before resolution names a future next time within policy, or the check stops it (property)', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -300, max: 900 }),
      fc.integer({ min: 300, max: 14_400 }),
      (minutes, longestSeconds) => {
        const { errors } = lintMessage(
          { ...updateFields.parse({}), nextUpdateBy: at(minutes).toISOString() },
          {
            audience: 'public',
            kind: 'update',
            phase: 'detection',
            severity: 1,
            declaredAt: T0,
            now: T0,
            longestSeconds,
          },
        );
        const within = minutes > 0 && minutes * 60 <= longestSeconds + 60;
        expect(errors.includes('S2')).toBe(!within);
      },
    ),
  );
});

it('invariant 15: a lower severity or a slower phase never moves a standing obligation later (property)', () => {
  const severity = fc.integer({ min: 1, max: 3 });
  fc.assert(
    fc.property(
      severity,
      severity,
      phase,
      phase,
      fc.nat({ max: 240 }),
      fc.nat({ max: 240 }),
      fc.nat({ max: 5 }),
      (from, to, before, after, published, passed, count) => {
        const facts = {
          declaredAt: T0,
          phase: before,
          restoredAt: null,
          published: count,
          lastPublishedAt: count === 0 ? null : at(published),
          promisedAt: null,
          standing: null,
        };
        const owed = nextDue(cadenceFor(defaultCadence, Math.min(from, to))!, facts, at(published));
        const standing = { dueAt: owed.dueAt, reason: owed.reason, after: count };
        const later = nextDue(
          cadenceFor(defaultCadence, Math.max(from, to))!,
          { ...facts, phase: after, standing },
          at(published + passed),
        );
        expect(later.dueAt.getTime()).toBeLessThanOrEqual(owed.dueAt.getTime());
      },
    ),
  );
});

it('invariant 16: a secret is found wherever it stands, and is never repeated by what reports it (property)', () => {
  const secret = fc.constantFrom(
    'AKIAABCDEFGHIJKLMNOP',
    `ghp_${'a1B2'.repeat(10)}`,
    'password: hunter2hunter2',
    '4111 1111 1111 1111',
    'sk_live_abcdefghijklmnop1234',
  );
  const words = fc.array(fc.constantFrom('we', 'see', 'orders', 'late', 'since', 'noon', '—'), { maxLength: 12 });
  fc.assert(
    fc.property(
      words,
      secret,
      words,
      fc.constantFrom('public', 'internal', 'developer', 'executive'),
      (head, found, tail, audience) => {
        const marks = lintText([...head, found, ...tail].join(' '), { audience: audience as 'public' });
        expect(marks.some((mark) => mark.secret)).toBe(true);
        const told = JSON.stringify(marks.map(({ words: shown, reason, suggestion }) => [shown, reason, suggestion]));
        expect(told).not.toContain(found);
      },
    ),
  );
});
