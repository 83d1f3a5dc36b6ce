/** Row 52 of the bad-input catalogue. */
import { expect, test } from 'vitest';
import { safeNext } from './safe-next.ts';

test.each([
  '//evil.example',
  '/\\evil.example',
  'https:evil.example',
  'https://evil.example',
  '/\t/evil.example',
  '\t//evil',
  '/a b',
  '/\u0000x',
  'javascript:alert(1)',
  '/javascript:x',
  '',
  undefined,
])('row 52: %j leads home', (next) => {
  expect(safeNext(next)).toBe('/');
});

test('row 52: a path of the console is kept with its query', () => {
  expect(safeNext('/incidents/INC-1?tab=people#top')).toBe('/incidents/INC-1?tab=people#top');
});
