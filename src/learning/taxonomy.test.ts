/** The taxonomy of reviews: complete, and without a word for a person. */
import { expect, test } from 'vitest';
import { factorGroups, factors, triggers } from './taxonomy.ts';

test('no trigger and no factor names a person as the cause', () => {
  const words = [...Object.values(triggers), ...Object.values(factors).map((factor) => factor.label)].join('\n');
  expect(words).not.toMatch(
    /\b(human|person|people|operator|engineer|developer|staff|employee|mistake|careless\w*|negligen\w+|fault|error)\b/i,
  );
  expect(Object.keys(factorGroups)).not.toContain('people');
});

test('every factor belongs to a group that exists, and every group has a factor', () => {
  const used = new Set(Object.values(factors).map((factor) => factor.group));
  expect([...used].sort()).toEqual(Object.keys(factorGroups).sort());
});
