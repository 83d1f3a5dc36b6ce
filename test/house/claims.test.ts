/** The wall around claims: what `npm run capabilities` counts has its tests. */
import { expect, test } from 'vitest';
import { CAPABILITIES } from '../capabilities.ts';
import { PROOF_LINES } from '../proof-lines.ts';
import { brokenClaims } from './claims.ts';

const known = Object.values(PROOF_LINES).flat();

test('every claimed proof line exists and names tests that exist', () => {
  expect(brokenClaims(CAPABILITIES, known)).toEqual([]);
  expect(new Set(known).size).toBe(known.length);
});

test('a claim without its test is caught', () => {
  expect(
    brokenClaims({ M999: ['test/house/claims.test.ts › a claim without its test is caught'] }, known),
  ).toHaveLength(1);
  expect(brokenClaims({ M1a: ['test/house/claims.ts › no such test'] }, known)).toHaveLength(1);
  expect(brokenClaims({ M1a: ['nowhere.test.ts › x'] }, known)).toHaveLength(1);
  expect(brokenClaims({ M1a: [] }, known)).toHaveLength(1);
});
