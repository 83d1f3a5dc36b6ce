/** Currency, bench and response teams, by table. */
import { describe, expect, it } from 'vitest';
import {
  alarmsOf,
  type BenchRole,
  checkResponseTeam,
  CURRENCY_MS,
  type Currency,
  currencyOf,
  readinessOf,
  suggest,
  type TeamMember,
} from './model.ts';

const now = new Date('2026-06-01T00:00:00Z');
const DAY = 86_400_000;
const ago = (days: number) => new Date(now.getTime() - days * DAY);
const current = (days: number) => currencyOf(ago(days), [ago(days)], now);

describe('currency', () => {
  it.each<[string, Date | null, Date[], Currency['state']]>([
    ['nothing known', null, [], 'none'],
    ['practised, not certified', null, [ago(3)], 'training'],
    ['certified and practised yesterday', ago(400), [ago(1)], 'current'],
    ['certified, practised 179 days ago', ago(400), [ago(179)], 'current'],
    ['certified, practised 180 days ago to the second', ago(400), [ago(180)], 'expired'],
    ['certified today: somebody has just watched', ago(0), [], 'current'],
    ['an old practice does not shorten a newer one', ago(400), [ago(300), ago(20)], 'current'],
  ])('%s', (_name, granted, practices, state) => {
    expect(currencyOf(granted, practices, now).state).toBe(state);
  });

  it('ends 180 days after the last practice', () => {
    const { expiresAt } = currencyOf(ago(500), [ago(30), ago(90)], now);
    expect(expiresAt).toEqual(new Date(ago(30).getTime() + CURRENCY_MS));
    expect(CURRENCY_MS).toBe(180 * DAY);
  });
});

describe('bench', () => {
  const role = (over: Partial<BenchRole> = {}): BenchRole => ({
    key: 'scribe',
    title: 'Scribe',
    needed: true,
    people: ['a', 'b', 'c'].map((id) => ({ userId: id, name: id, currency: current(10) })),
    shares: ['a', 'b', 'c'].map((id) => ({ userId: id, name: id, share: 1 / 3 })),
    ...over,
  });
  const kinds = (one: BenchRole) => alarmsOf(one).map(({ kind, userId }) => `${kind} ${userId ?? ''}`.trim());

  it('three current people who share evenly lack nothing', () => expect(alarmsOf(role())).toEqual([]));
  it('41 % of the duty is too much, 40 % is not', () => {
    const shares = (a: number) => [
      { userId: 'a', name: 'a', share: a },
      { userId: 'b', name: 'b', share: 1 - a - 0.3 },
      { userId: 'c', name: 'c', share: 0.3 },
    ];
    expect(kinds(role({ shares: shares(0.4) }))).toEqual([]);
    expect(kinds(role({ shares: shares(0.41) }))).toEqual(['concentrated a']);
  });
  it('fewer than three current people is thin; who has expired counts no more and is named', () => {
    const people = role().people.map((one, i) => (i === 0 ? { ...one, currency: current(181) } : one));
    expect(kinds(role({ people }))).toEqual(['thin', 'expired a']);
  });
  it('a role nobody needs may have an empty bench', () =>
    expect(kinds(role({ needed: false, people: [], shares: [] }))).toEqual([]));
  it('an expired certification lowers readiness, a fourth person does not raise it over the whole', () => {
    const full = role();
    expect(readinessOf([full])).toBe(100);
    expect(readinessOf([{ ...full, people: [...full.people, ...full.people] }])).toBe(100);
    const lapsed = full.people.map((one, i) => (i === 0 ? { ...one, currency: current(200) } : one));
    expect(readinessOf([full, { ...full, people: lapsed }])).toBe(83);
    expect(readinessOf([])).toBeNull();
  });
});

describe('a suggestion', () => {
  const stretch = { from: new Date('2026-06-08T08:00:00Z'), to: new Date('2026-06-09T08:00:00Z') };
  const people = [
    { userId: 'recent', currency: current(5) },
    { userId: 'long_ago', currency: current(150) },
    { userId: 'between', currency: current(60) },
    { userId: 'expired', currency: current(200) },
    { userId: 'never', currency: currencyOf(null, [], now) },
  ];
  const order = (...args: Parameters<typeof suggest>) => suggest(...args).map(({ userId }) => userId);

  it('prefers eligible people with the least recent practice', () =>
    expect(order(people, stretch, [], [])).toEqual(['long_ago', 'between', 'recent', 'expired', 'never']));

  it('respects rest: ten hours before and after other duty, and no duty twice', () => {
    const duty = (userId: string, from: string, to: string) => ({ userId, from: new Date(from), to: new Date(to) });
    const found = suggest(
      people,
      stretch,
      [
        duty('long_ago', '2026-06-07T08:00:00Z', '2026-06-07T22:01:00Z'),
        duty('between', '2026-06-07T08:00:00Z', '2026-06-07T22:00:00Z'),
      ],
      [{ userId: 'recent', ...stretch }],
    );
    expect(found[0]).toMatchObject({ userId: 'between', hindrance: null });
    expect(found.map(({ userId }) => userId)).toEqual(['between', 'long_ago', 'recent', 'expired', 'never']);
    expect(Object.fromEntries(found.map(({ userId, hindrance }) => [userId, hindrance]))).toEqual({
      between: null,
      long_ago: 'no_rest',
      recent: 'away',
      expired: 'expired',
      never: 'not_certified',
    });
  });
});

describe('a response team', () => {
  const member = (userId: string, role: TeamMember['role'], ...functions: string[]): TeamMember => ({
    userId,
    role,
    functions,
  });
  const whole = [
    member('a', 'lead', 'engineering'),
    member('b', 'member', 'operations'),
    member('c', 'member', 'support', 'communications'),
    member('d', 'member', 'engineering'),
    member('e', 'alternate', 'engineering'),
  ];

  it('with three functions, four members and an alternate can respond', () =>
    expect(checkResponseTeam(whole)).toEqual({ errors: [], warnings: [] }));
  it('fails with two functions, and an alternate’s function does not count', () => {
    const two = whole.map((one) => (one.userId === 'c' ? member('c', 'member', 'operations') : one));
    expect(checkResponseTeam([...two, member('f', 'alternate', 'legal')]).errors).toHaveLength(1);
  });
  it('fails without alternates', () =>
    expect(checkResponseTeam(whole.filter(({ role }) => role !== 'alternate')).errors).toHaveLength(1));
  it.each([
    [3, ['people.team.size']],
    [4, []],
    [8, []],
    [9, ['people.team.span']],
    [10, ['people.team.size', 'people.team.span']],
  ])('of %i people under one lead is told %j', (size, rules) => {
    const members = [
      member('lead', 'lead', 'engineering', 'operations', 'support'),
      ...Array.from({ length: size - 1 }, (_, i) => member(`m${i}`, 'member')),
      member('x', 'alternate'),
    ];
    expect(checkResponseTeam(members).warnings.map(({ rule }) => rule)).toEqual(rules);
  });
});
