/** What comes first on the home screen, and what its sentence says. */
import { describe, expect, test } from 'vitest';
import { headline, inOrder, type Need, setupSteps, standing, urgencyOf } from './model.ts';

const now = new Date('2026-11-23T12:00:00Z');
const need = (id: string, more: Partial<Need>): Need => ({
  ...{ id, kind: 'action', title: id, reason: '', step: '', to: '/', since: null, due: null },
  ...{ urgency: 'later', exercise: false, pageId: null, ...more },
});

describe('the order', () => {
  test('a page comes before the incident one leads, and both before a review', () => {
    const needs = [
      need('review', { kind: 'review', urgency: 'now' }),
      need('incident', { kind: 'incident', urgency: 'now' }),
      need('page', { kind: 'page', urgency: 'now' }),
    ];
    expect(inOrder(needs).map(({ id }) => id)).toEqual(['page', 'incident', 'review']);
  });

  test('the page of a drill waits behind a real approval', () => {
    const needs = [
      need('drill', { kind: 'page', urgency: 'now', exercise: true }),
      need('real', { kind: 'approval', urgency: 'now' }),
    ];
    expect(inOrder(needs).map(({ id }) => id)).toEqual(['real', 'drill']);
  });

  test('of two alike the one due first comes first, then the one that waited longest', () => {
    const needs = [
      need('young', { since: '2026-11-23T11:00:00.000Z' }),
      need('old', { since: '2026-11-01T11:00:00.000Z' }),
      need('due', { due: '2026-12-01T00:00:00.000Z' }),
    ];
    expect(inOrder(needs).map(({ id }) => id)).toEqual(['due', 'old', 'young']);
  });

  test.each([
    ['late', '2026-11-23T12:00:00Z', 'now'],
    ['due within a day', '2026-11-24T11:59:00Z', 'soon'],
    ['due next week', '2026-11-30T12:00:00Z', 'later'],
  ])('what is %s is urgent: %s is %s', (_, due, urgency) => {
    expect(urgencyOf(new Date(due), now)).toBe(urgency);
  });
});

describe('how things stand', () => {
  const quiet = { services: 3, openGroups: 0, activeIncidents: 0, onCall: false, onCallUntil: null };
  test.each([
    ['quiet', {}, '3 services, all quiet.'],
    [
      'on call',
      { onCall: true, onCallUntil: 'Mon 30 Nov 09:00 CET' },
      '3 services, all quiet. You are on call until Mon 30 Nov 09:00 CET.',
    ],
    ['a fresh installation', { services: 0 }, 'No service is watched yet.'],
    ['somebody else leads', { activeIncidents: 1 }, '1 incident under way.'],
    ['an alert nobody made an incident of', { openGroups: 2 }, '2 alerts open, no incident.'],
  ])('%s', (_, more, said) => {
    expect(standing({ ...quiet, ...more })).toBe(said);
  });

  test.each([
    [0, 0, 'Nothing needs you'],
    [1, 0, 'One thing needs you'],
    [4, 6, '4 things need you'],
    [0, 6, '6 steps left to set up'],
  ])('%i needs and %i open steps: %s', (needs, steps, said) => {
    expect(headline(needs, steps)).toBe(said);
  });
});

describe('the set-up', () => {
  const nothing = { services: 0, onCallPeople: 0, integrations: 0, mailConfigured: false, components: 0, playbooks: 0 };
  const all = { services: 1, onCallPeople: 1, integrations: 1, mailConfigured: true, components: 1, playbooks: 1 };

  test('an empty installation is led through every step', () => {
    expect(setupSteps(nothing, new Set())?.every((step) => step.state === 'open')).toBe(true);
  });

  test('it goes away when everything is there, also when the last step was skipped on purpose', () => {
    expect(setupSteps(all, new Set())).toBeNull();
    expect(setupSteps({ ...all, mailConfigured: false }, new Set(['mail']))).toBeNull();
  });

  test('what is there counts as done even after it was skipped', () => {
    const steps = setupSteps({ ...all, services: 1, playbooks: 0 }, new Set(['service']));
    expect(steps?.find((step) => step.step === 'service')?.state).toBe('done');
  });
});
