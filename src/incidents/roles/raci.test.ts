/** The RACI matrix: what a valid row is, what applies when, and whom it takes (M33a, invariant 19). */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Activity, applies, DEFAULT_RACI, type Letter, LETTERS, neededRoles, problemsOf } from './raci.ts';

const KEYS = ['incident_commander', 'operations_lead', 'communications_lead', 'technical_liaison', 'scribe'];
const known = new Set([...KEYS, 'subject_matter_expert', 'security_officer']);
const row = (...cells: [string, string][]): Activity => ({
  title: 'Something',
  phases: [],
  severities: [],
  cells: cells.map(([role, letters]) => ({ role, letters: [...letters] as Letter[] })),
});

describe('a row of the matrix', () => {
  it.each<[string, Activity, number]>([
    ['one A and one R', row(['incident_commander', 'A'], ['scribe', 'R']), 0],
    ['one role is both', row(['incident_commander', 'RA']), 0],
    ['nobody accountable', row(['scribe', 'R']), 1],
    ['two accountable', row(['incident_commander', 'A'], ['scribe', 'RA']), 1],
    ['nobody responsible', row(['incident_commander', 'A'], ['scribe', 'C']), 1],
    ['empty', row(), 2],
    ['a role there is not', row(['incident_commander', 'RA'], ['wizard', 'I']), 1],
    ['a role twice', row(['incident_commander', 'RA'], ['scribe', 'C'], ['scribe', 'I']), 1],
  ])('%s', (_name, activity, problems) => expect(problemsOf([activity], known)).toHaveLength(problems));

  it('is valid exactly when it has one A and at least one R, whatever else it says', () => {
    const letters = fc.uniqueArray(fc.constantFrom(...LETTERS), { minLength: 1, maxLength: 4 });
    const cells = fc.uniqueArray(fc.record({ role: fc.constantFrom(...KEYS), letters }), {
      selector: ({ role }) => role,
      maxLength: KEYS.length,
    });
    fc.assert(
      fc.property(cells, (list) => {
        const count = (letter: Letter) => list.filter((one) => one.letters.includes(letter)).length;
        const valid = count('A') === 1 && count('R') >= 1;
        const found = problemsOf([{ title: 'x', phases: [], severities: [], cells: list }], known);
        expect(found.length === 0).toBe(valid);
      }),
    );
  });

  it('the matrix that ships is valid, and asks for no role the severity does not ask for', () => {
    expect(problemsOf(DEFAULT_RACI, known)).toEqual([]);
    const roles = [
      { key: 'incident_commander', requiredFor: [1, 2] },
      { key: 'operations_lead', requiredFor: [1, 2] },
      { key: 'communications_lead', requiredFor: [1, 2] },
      { key: 'technical_liaison', requiredFor: [] },
      { key: 'scribe', requiredFor: [1] },
      { key: 'security_officer', requiredFor: [] },
    ];
    const keys = (severity: 1 | 2 | 3) => neededRoles(roles, DEFAULT_RACI, { phase: 'containment', severity });
    expect(keys(1)).toEqual(['incident_commander', 'operations_lead', 'communications_lead', 'scribe']);
    expect(keys(2)).toEqual(['incident_commander', 'operations_lead', 'communications_lead']);
    expect(keys(3)).toEqual([]);
  });
});

describe('what applies', () => {
  const activity: Activity = { ...row(['scribe', 'RA']), phases: ['recovery'], severities: [1, 3] };
  it.each<[Activity['phases'][number], 1 | 2 | 3 | 4, boolean]>([
    ['recovery', 1, true],
    ['recovery', 2, false],
    ['containment', 1, false],
  ])('in %s at SEV%i: %s', (phase, severity, expected) =>
    expect(applies(activity, { phase, severity })).toBe(expected),
  );
  it('a responsible role of what is done now is needed, one that is only informed is not', () => {
    const roles = [
      { key: 'scribe', requiredFor: [] },
      { key: 'deputy', requiredFor: [] },
    ];
    const matrix = [row(['scribe', 'RA'], ['deputy', 'I'])];
    expect(neededRoles(roles, matrix, { phase: 'detection', severity: 4 })).toEqual(['scribe']);
  });
});
