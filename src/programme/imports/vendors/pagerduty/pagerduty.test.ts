/** PagerDuty's schedules, layer by layer, against the final schedule an independent program rendered. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { projectPath } from '#kernel';
import type { Json, Snapshot } from '../../model.ts';
import { prepare } from '../../prepare.ts';

const fixture = () =>
  (
    JSON.parse(readFileSync(join(projectPath('test/fixtures/imports'), 'pagerduty-schedule.json'), 'utf8')) as {
      schedule: Json;
    }
  ).schedule;

function snapshot(schedules: Json[], more: Record<string, Json[]> = {}): Snapshot {
  const users = fixture().users.map((user: Json) => ({
    ...user,
    name: user.summary,
    email: `${user.id}@orchardline.example`,
    role: 'limited_user',
  }));
  const overrides = schedules.flatMap((schedule, s) =>
    (schedule.overrides_subschedule?.rendered_schedule_entries ?? []).map((entry: Json, i: number) => ({
      id: `O${s}${i}`,
      schedule: schedule.id,
      ...entry,
    })),
  );
  return {
    vendor: 'pagerduty',
    readAt: '2026-10-12T00:00:00.000Z',
    parts: { users, schedules, overrides, ...more },
    unread: [],
  };
}
const row = (made: ReturnType<typeof prepare>, key: string) => {
  const found = made.items.find((one) => `${one.kind}:${one.sourceId}` === key);
  if (!found) throw new Error(`no ${key}`);
  return found;
};

describe('a schedule of PagerDuty', () => {
  test('four layers, twelve-hour turns, an override and the end of summer time give the same people for eight weeks', () => {
    const made = prepare(snapshot([fixture()]));
    expect(row(made, 'schedule:PI7DH85').refused).toBeNull();
    const verdict = made.verdicts.get('schedule:PI7DH85');
    expect(verdict?.differences).toEqual([]);
    expect(verdict).toMatchObject({ agrees: true, text: 'Same people on call as there for the next 56 days' });
  });
  test('one handed-over hour that is different is found and named', () => {
    const changed = fixture();
    changed.schedule_layers[1].restrictions[0].start_time_of_day = '21:00:00';
    const verdict = prepare(snapshot([changed])).verdicts.get('schedule:PI7DH85');
    expect(verdict?.agrees).toBe(false);
    expect(verdict?.differences[0]).toMatch(/there .* here /);
  });
  test('layers given the other way round are turned round, because the final schedule says who wins', () => {
    const turned = fixture();
    turned.schedule_layers.reverse();
    const made = prepare(snapshot([turned]));
    expect(made.verdicts.get('schedule:PI7DH85')).toMatchObject({ agrees: true });
    expect(
      row(made, 'schedule:PI7DH85')
        .notes.map((note) => note.text)
        .join(),
    ).toContain('turned round');
  });
  test('hours of duty are kept on the wall: Friday evening to Monday morning, night over midnight', () => {
    const schedule = row(prepare(snapshot([fixture()])), 'schedule:PI7DH85');
    if (schedule.kind !== 'schedule') throw new Error('no schedule');
    expect(schedule.fields.layers.map((layer) => [layer.name, layer.unit, layer.every, layer.windows])).toEqual([
      ['Weekends', 'week', 2, [{ kind: 'weekly', fromDay: 5, from: '18:00', toDay: 1, to: '09:00' }]],
      ['Night Shift', 'day', 1, [{ kind: 'daily', days: [1, 2, 3, 4, 5, 6, 7], from: '20:00', to: '08:00' }]],
      ['Half days', 'hour', 12, []],
      ['Layer 1', 'week', 1, []],
    ]);
    expect(schedule.notes.map((note) => note.text)).toContain('1 layer has ended and is left out.');
  });
  test('a Rails zone is mapped; an offset refuses the schedule, and with it the policy that would have an empty step', () => {
    const policies = [
      {
        id: 'PMIX',
        name: 'Mixed',
        num_loops: 0,
        escalation_rules: [
          {
            escalation_delay_in_minutes: 5,
            targets: [
              { id: 'POFF', type: 'schedule_reference' },
              { id: 'PAM4FGS', type: 'user_reference' },
            ],
          },
        ],
      },
      {
        id: 'PEMPTY',
        name: 'Empty',
        num_loops: 0,
        escalation_rules: [{ escalation_delay_in_minutes: 5, targets: [{ id: 'POFF', type: 'schedule_reference' }] }],
      },
    ];
    const made = prepare(
      snapshot(
        [
          { ...fixture(), id: 'PRAILS', time_zone: 'Pacific Time (US & Canada)', final_schedule: undefined },
          {
            ...fixture(),
            id: 'POFF',
            name: 'Offset',
            time_zone: 'GMT+2',
            overrides_subschedule: undefined,
            final_schedule: undefined,
          },
        ],
        { escalation_policies: policies },
      ),
    );
    expect(row(made, 'schedule:PRAILS')).toMatchObject({ refused: null, fields: { zone: 'America/Los_Angeles' } });
    expect(row(made, 'schedule:POFF').refused).toContain('fixed offset');
    expect(row(made, 'policy:PEMPTY').refused).toBe('Step 1 would call nobody: Offset cannot be carried');
    expect(row(made, 'policy:PMIX').refused).toBeNull();
    expect(row(made, 'policy:PMIX').notes.map((note) => note.text)).toContain(
      'Step 1 no longer calls Offset, which cannot be carried.',
    );
  });
  test('somebody who is not among the people refuses the schedule they take turns in', () => {
    const made = prepare(
      snapshot([
        {
          ...fixture(),
          schedule_layers: fixture().schedule_layers.map((layer: Json) => ({
            ...layer,
            end: null,
            rotation_turn_length_seconds: 86_400,
          })),
        },
      ]),
    );
    expect(row(made, 'schedule:PI7DH85').refused).toBe(
      'PGONE01 in “Before the move” is not among the people that can be carried',
    );
    expect(row(made, 'override:O00').refused).toContain('Its schedule Daily Engineering Rotation cannot be carried');
  });
  test('a turn of ninety minutes cannot be said, and is refused with what to do', () => {
    const odd = fixture();
    odd.schedule_layers = [{ ...odd.schedule_layers[3], rotation_turn_length_seconds: 5400 }];
    expect(row(prepare(snapshot([odd])), 'schedule:PI7DH85')).toMatchObject({
      refused: expect.stringContaining('5400 seconds'),
      todo: expect.stringContaining('by hand'),
    });
  });
  test('two accounts with one address, whatever its capitals, are one person (row 80)', () => {
    const extra = { id: 'PDUP', name: 'Tim again', email: 'pxpgf42@ORCHARDLINE.example', role: 'user' };
    const base = snapshot([
      {
        ...fixture(),
        schedule_layers: fixture()
          .schedule_layers.slice(0, 4)
          .map((layer: Json) => ({ ...layer, users: [...layer.users, { user: { id: 'PDUP' } }] })),
      },
    ]);
    const made = prepare({ ...base, parts: { ...base.parts, users: [...(base.parts.users ?? []), extra] } });
    expect(row(made, 'user:PDUP').refused).toBe('Tim Wright has the same mail address');
    const schedule = row(made, 'schedule:PI7DH85');
    expect(schedule.refused).toBeNull();
    expect(JSON.stringify(schedule.fields)).not.toContain('PDUP');
  });
});
