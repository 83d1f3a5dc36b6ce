/** The rules of an exercise, as tables. */
import { expect, test } from 'vitest';
import { alertKey, observed, planInjects, realBeatsExercise, whyNotClosed } from './model.ts';
import { scenarios } from './scenarios/index.ts';

const start = new Date('2026-11-23T10:00:00Z');
const at = (minutes: number) => new Date(start.getTime() + minutes * 60_000);

test.each([
  ['a real SEV1', { exercise: false, severity: 1 }, true],
  ['a real SEV2', { exercise: false, severity: 2 }, true],
  ['a real SEV3', { exercise: false, severity: 3 }, false],
  ['the SEV1 of an exercise', { exercise: true, severity: 1 }, false],
])('%s ends an exercise: %o', (_, incident, ends) => {
  expect(realBeatsExercise(incident)).toBe(ends);
});

test.each([
  ['while it runs', { state: 'running', lessons: 3, noneBecause: null }, 'drills.close.running'],
  ['without a lesson', { state: 'ended', lessons: 0, noneBecause: null }, 'drills.lessons'],
  ['with an empty reason', { state: 'aborted', lessons: 0, noneBecause: '  ' }, 'drills.lessons'],
  ['twice', { state: 'closed', lessons: 1, noneBecause: null }, 'drills.close.closed'],
] as const)('an exercise is not closed %s', (_, exercise, rule) => {
  expect(whyNotClosed(exercise)?.rule).toBe(rule);
});

test('an exercise is closed with a lesson, or with the reason why there is none', () => {
  expect(whyNotClosed({ state: 'ended', lessons: 1, noneBecause: null })).toBeNull();
  expect(whyNotClosed({ state: 'ended', lessons: 0, noneBecause: 'stopped after a minute' })).toBeNull();
});

test('injects come in the order of time, and none after the agreed window', () => {
  const plan = planInjects(scenarios[0]!, start, at(10));
  expect(plan.map(({ plannedAt }) => (plannedAt.getTime() - start.getTime()) / 60_000)).toEqual([0, 4, 7]);
});

test('the alerts of two exercises never share a key', () => {
  expect(alertKey('EX-1', 'latency')).not.toBe(alertKey('EX-2', 'latency'));
});

test('what has not happened is shown as not happened, never as zero minutes', () => {
  const none = { acknowledged: null, declared: null, commander: null, containmentStarted: null, contained: null };
  const seen = observed({ ...none, paged: at(0.25), firstUpdate: null, restored: null }, start);
  expect(seen[0]).toMatchObject({ what: 'paged', minutes: 0.3 });
  expect(seen.slice(1).every((moment) => moment.minutes === null && moment.at === null)).toBe(true);
});

test('every scenario has observable objectives and begins with an alert at the start', () => {
  for (const scenario of scenarios) {
    expect(scenario.objectives.length).toBeGreaterThanOrEqual(2);
    expect(scenario.injects[0]).toMatchObject({ kind: 'alert', afterMinutes: 0 });
    expect(scenario.injects.every((inject) => inject.afterMinutes < scenario.minutes)).toBe(true);
  }
});

test('the library covers latency, partial outage and late data', () => {
  expect(new Set(scenarios.map((scenario) => scenario.family))).toEqual(
    new Set(['latency', 'partial_outage', 'data_delay']),
  );
});
