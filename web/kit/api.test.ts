/** Addresses of endpoints, and where the errors of fields land. */
import { expect, test } from 'vitest';
import { ProblemError, urlOf } from './api.ts';
import { fieldErrors } from './field-errors.ts';
import { moduleOf, touchedBy } from './live-map.ts';

test('an address is filled from its parameters and carries only the query that was given', () => {
  expect(
    urlOf(
      '/api/v1/incidents/:id/entries',
      { id: 'INC 1/2' },
      { limit: 20, cursor: undefined, q: '', kind: ['a', 'b'] },
    ),
  ).toBe('/api/v1/incidents/INC%201%2F2/entries?limit=20&kind=a&kind=b');
  expect(() => urlOf('/api/v1/incidents/:id', {})).toThrow('needs "id"');
});

test('an error finds its field whichever way the path is written', () => {
  const error = new ProblemError({
    type: 'about:blank',
    title: 'No',
    status: 422,
    errors: [
      { path: 'title', message: 'a' },
      { path: 'body.email', message: 'b' },
      { path: '/steps/0/title', message: 'c' },
      { path: 'steps[1].title', message: 'd' },
    ],
  });
  expect(fieldErrors(error)).toEqual({
    title: 'a',
    email: 'b',
    'steps.0.title': 'c',
    'steps.1.title': 'd',
  });
  expect(fieldErrors(new Error('x'))).toEqual({});
});

test('an event refreshes its module and those above it, an unknown one everything', () => {
  const map = {
    modules: ['people', 'signals', 'incidents'],
    prefixes: { page: 'people', group: 'signals' },
  };
  expect(moduleOf('page.acknowledged', map)).toBe('people');
  expect(moduleOf('incident.declared', map)).toBe('incidents');
  expect(moduleOf('signals.something', map)).toBe('signals');
  expect(touchedBy(moduleOf('group.opened', map), map)).toEqual(['signals', 'incidents']);
  expect(touchedBy(moduleOf('weather.changed', map), map)).toBe('all');
});
