/** What a new review already says, and what it leaves to people. */
import { expect, test } from 'vitest';
import { type IncidentRecord, prefill, sayMinutes } from './prefill.ts';

const empty: IncidentRecord = {
  key: 'INC-7',
  title: 'Card payments slow',
  severity: 1,
  summary: '',
  services: [],
  detectedBy: null,
  phases: [],
  roles: [],
  hypotheses: [],
  decisions: [],
  containment: [],
  messages: [],
  questions: [],
  timeline: [],
  recovery: [],
};
const reading = (id: string, minutes: number | null, absent: string | null = null) => ({
  ...{ id, name: id.toUpperCase(), from: '', to: '', note: '', beforeImpact: false },
  ...{ minutes, absent },
});

test('hypotheses come with their state, the refuted ones too', () => {
  const text = prefill(
    {
      ...empty,
      detectedBy: 'customer',
      hypotheses: [
        { text: 'The provider is slow', state: 'confirmed' },
        { text: 'Our last release', state: 'refuted' },
      ],
    },
    [],
  ).understanding;
  expect(text).toContain('found by a customer');
  expect(text).toContain('- confirmed: The provider is slow');
  expect(text).toContain('- refuted: Our last release');
});

test('a figure that does not exist is said to be missing, with the reason', () => {
  const { impact } = prefill(empty, [reading('ttm', null, 'the end of the impact is not known'), reading('ttr', 171)]);
  expect(impact).toContain('TTM: no number, because the end of the impact is not known');
  expect(impact).toContain('TTR: 2 h 51 min');
});

test('what went out is listed with its time, and silence is named', () => {
  const message = { headline: 'Card payments are slow', audience: 'public', at: '2026-11-23T09:45:00.000Z' };
  expect(prefill({ ...empty, messages: [message] }, []).communication).toBe(
    '- 09:45 UTC, public: Card payments are slow',
  );
  expect(prefill(empty, []).communication).toBe('No update went out.');
});

test('what only people can know stays empty', () => {
  expect(prefill(empty, [])).toMatchObject({ earlier: '', publicSummary: '' });
});

test.each([
  [0.3, 'under a minute'],
  [94, '94 min'],
  [120, '2 h'],
  [171.2, '2 h 51 min'],
])('%d minutes are said as %s', (minutes, said) => {
  expect(sayMinutes(minutes)).toBe(said);
});
