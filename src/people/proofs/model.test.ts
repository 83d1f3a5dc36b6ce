/** Judging what is known about reaching people: tables of cases, no database. */
import { describe, expect, test } from 'vitest';
import { finalShifts, gapsOf } from '../schedules/model.ts';
import { dueLead, type Gap, gapNews, judgeMethod, judgePerson, type KnownGap, leadInstant, slotNow } from './model.ts';

const at = (text: string) => new Date(text);
const now = at('2026-11-23T12:00:00Z');
const fine = { verified: true, off: null, test: null, real: null };
const tested = (state: 'confirmed' | 'missed' | 'failed', when: string) => ({ at: at(when), state, error: null });

describe('a method', () => {
  test.each([
    [
      'confirmed and answered last week',
      { ...fine, test: tested('confirmed', '2026-11-17T10:00:00Z') },
      'proven',
      false,
    ],
    ['confirmed and never tested', fine, 'untested', true],
    ['answered too long ago', { ...fine, test: tested('confirmed', '2026-10-01T10:00:00Z') }, 'untested', true],
    ['a test that was not answered', { ...fine, test: tested('missed', '2026-11-17T10:00:00Z') }, 'doubtful', true],
    ['a test that failed', { ...fine, test: tested('failed', '2026-11-17T10:00:00Z') }, 'dead', true],
    ['never confirmed', { ...fine, verified: false }, 'unverified', false],
    [
      'switched off',
      { ...fine, off: 'STOP was answered', test: tested('confirmed', '2026-11-22T10:00:00Z') },
      'dead',
      false,
    ],
    [
      'a page that arrived after a failed test',
      {
        ...fine,
        test: tested('failed', '2026-11-17T10:00:00Z'),
        real: { at: at('2026-11-20T10:00:00Z'), arrived: true, error: null },
      },
      'proven',
      true,
    ],
    [
      'a page that did not arrive after an answered test',
      {
        ...fine,
        test: tested('confirmed', '2026-11-17T10:00:00Z'),
        real: { at: at('2026-11-20T10:00:00Z'), arrived: false, error: 'mailbox full' },
      },
      'dead',
      false,
    ],
  ] as const)('%s', (_name, facts, state, overdue) => {
    expect(judgeMethod(facts, now, 14)).toMatchObject({ state, overdue });
  });

  test('a person is as reachable as their best method, and with none not at all', () => {
    expect(judgePerson([{ state: 'dead' }, { state: 'proven' }])).toBe('reachable');
    expect(judgePerson([{ state: 'dead' }, { state: 'unverified' }])).toBe('unreachable');
    expect(judgePerson([])).toBe('unreachable');
  });
});

describe('gaps', () => {
  const gap = (from: string, to: string, why = 'person_away', blocked: string | null = 'usr_a'): Gap => ({
    ...{ from: at(from), to: at(to), why, blocked },
  });
  const known = (id: string, of: Gap): KnownGap => ({ id, ...of });
  const horizon = at('2026-12-07T12:00:00Z');

  test('what is seen for the first time is news; seen again it is not, also when its front is cut by now', () => {
    const one = gap('2026-11-24T00:00:00Z', '2026-11-26T00:00:00Z');
    expect(gapNews([], [one], null)).toMatchObject({ fresh: [one], quiet: [], gone: [] });
    const later = gap('2026-11-25T06:00:00Z', '2026-11-26T00:00:00Z');
    expect(gapNews([known('g', one)], [later], horizon)).toEqual({ fresh: [], quiet: [], moved: [], gone: [] });
  });
  test('a gap that grows is news again; one that is covered is gone', () => {
    const one = known('g', gap('2026-11-24T00:00:00Z', '2026-11-26T00:00:00Z'));
    const longer = gap('2026-11-24T00:00:00Z', '2026-11-28T00:00:00Z');
    expect(gapNews([one], [longer], horizon)).toMatchObject({ fresh: [longer], gone: ['g'] });
    expect(gapNews([one], [], horizon)).toMatchObject({ fresh: [], gone: ['g'] });
  });
  test('a gap covered in its middle is two, neither is news, and uncovering the middle is news again', () => {
    const one = known('g', gap('2026-11-24T00:00:00Z', '2026-11-28T00:00:00Z'));
    const parts = [
      gap('2026-11-24T00:00:00Z', '2026-11-25T00:00:00Z'),
      gap('2026-11-27T00:00:00Z', '2026-11-28T00:00:00Z'),
    ];
    const news = gapNews([one], parts, horizon);
    expect(news).toMatchObject({ fresh: [], moved: [{ id: 'g' }], quiet: [parts[1]], gone: [] });
    const kept = [known('g', parts[0]!), known('h', parts[1]!)];
    expect(gapNews(kept, [gap('2026-11-24T00:00:00Z', '2026-11-28T00:00:00Z')], horizon).fresh).toHaveLength(1);
  });
  test('a gap without an end moves on with the window and is told once', () => {
    const one = known('g', gap('2026-11-23T12:00:00Z', horizon.toISOString(), 'no_participants', null));
    const later = gap('2026-11-24T12:00:00Z', '2026-12-08T12:00:00Z', 'no_participants', null);
    expect(gapNews([one], [later], horizon)).toMatchObject({ fresh: [], gone: [], moved: [{ id: 'g', to: later.to }] });
  });
  test('hours in which nobody is meant to be on duty are told with the first of them, not every night', () => {
    const night = (day: number) =>
      gap(`2026-11-${day}T17:00:00Z`, `2026-11-${day + 1}T08:00:00Z`, 'outside_hours', null);
    const first = gapNews([], [night(24), night(25)], null);
    expect([first.fresh.length, first.quiet.length]).toEqual([1, 1]);
    expect(gapNews([known('g', night(24))], [night(24), night(26)], horizon).fresh).toEqual([]);
  });
  test('a stretch that ends before it begins is no gap', () => {
    expect(gapNews([], [gap('2026-11-26T00:00:00Z', '2026-11-24T00:00:00Z')], null).fresh).toEqual([]);
  });
  test('a schedule without layers, or with nobody in them, is one gap from now to the end of the window', () => {
    const to = at('2026-12-07T12:00:00Z');
    const nothing = { layers: [], overrides: [], absences: [], isActive: () => true };
    expect(gapsOf(finalShifts(nothing, now, to))).toMatchObject([{ from: now, to, why: 'no_participants' }]);
  });
});

describe('warnings before a shift', () => {
  test('a day before is the same time on the clock the day before, also when the day has 23 or 25 hours', () => {
    // Berlin: clocks go back on 25 October 2026, forward on 28 March 2027.
    expect(leadInstant('Europe/Berlin', at('2026-10-25T08:00:00Z'), '1 day')).toEqual(at('2026-10-24T07:00:00Z'));
    expect(leadInstant('Europe/Berlin', at('2027-03-28T07:00:00Z'), '1 day')).toEqual(at('2027-03-27T08:00:00Z'));
    expect(leadInstant('Europe/Berlin', at('2026-10-25T08:00:00Z'), '1 h')).toEqual(at('2026-10-25T07:00:00Z'));
  });
  test('the shortest warning whose time has come is the one that is due, and none once the shift has begun', () => {
    const start = at('2026-11-24T09:00:00Z');
    const due = (when: string) => dueLead('UTC', start, ['1 day', '1 h'], at(when));
    expect(due('2026-11-23T08:59:00Z')).toBeNull();
    expect(due('2026-11-23T09:00:00Z')).toBe('1 day');
    expect(due('2026-11-24T07:59:00Z')).toBe('1 day');
    expect(due('2026-11-24T08:30:00Z')).toBe('1 h');
    expect(due('2026-11-24T09:00:00Z')).toBeNull();
  });
  test('the weekly hour is on for two hours from its time on the wall of the person', () => {
    expect(slotNow('Asia/Kathmandu', 2, '10:00', at('2026-11-24T04:14:00Z'))).toBeNull();
    expect(slotNow('Asia/Kathmandu', 2, '10:00', at('2026-11-24T04:15:00Z'))).toEqual(at('2026-11-24T04:15:00Z'));
    expect(slotNow('Asia/Kathmandu', 2, '10:00', at('2026-11-24T06:14:00Z'))).toEqual(at('2026-11-24T04:15:00Z'));
    expect(slotNow('Asia/Kathmandu', 2, '10:00', at('2026-11-24T06:15:00Z'))).toBeNull();
  });
});
