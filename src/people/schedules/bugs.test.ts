/** Time bugs of others that stand in no other test, each under its own name. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { layerInput, scheduleInput } from '#contract/people-schedules';
import { zone } from '#kernel';
import type { Layer } from './layer.ts';
import { finalShifts, onCallAt, type Plan } from './model.ts';

const at = (text: string) => new Date(text);
const layer = (more: Partial<Layer>): Layer => ({
  id: 'lay',
  name: 'x',
  zone: 'Europe/Berlin',
  unit: 'day',
  every: 1,
  startsOn: '2011-01-01',
  handoverTime: '09:00',
  handoverWeekday: null,
  effectiveFrom: null,
  effectiveUntil: null,
  windows: [],
  skipIdleDays: false,
  participants: ['ana', 'ben', 'cem'],
  ...more,
});
const plan = (...layers: Layer[]): Plan => ({ layers, overrides: [], absences: [], isActive: () => true });
const root = join(import.meta.dirname, '../../..');

describe('time bugs others have had', () => {
  test('target/goalert#1740: who is on call goes by the zone of the layer, whatever the zone of the one who asks', () => {
    const night = layer({
      id: 'a',
      zone: 'Asia/Tokyo',
      windows: [{ kind: 'daily', days: [1, 2, 3, 4, 5, 6, 7], from: '09:00', to: '18:00' }],
      participants: ['ken'],
    });
    const both = plan(night, layer({ participants: ['ana'] }));
    expect(onCallAt(both, at('2026-11-10T00:00Z')).userId).toBe('ken');
    expect(onCallAt(both, at('2026-11-10T08:59:59Z')).userId).toBe('ken');
    expect(onCallAt(both, at('2026-11-10T09:00Z')).userId).toBe('ana');
    const [shown] = finalShifts(both, at('2026-11-10T00:00Z'), at('2026-11-10T12:00Z'));
    expect([shown?.userId, shown?.to]).toEqual(['ken', at('2026-11-10T09:00Z')]);
  });

  test('OneUptime #3411: an override is in what is shown and in who is called, from its first instant to its last', () => {
    const override = { userId: 'dan', from: at('2026-11-10T10:00Z'), to: at('2026-11-10T11:00Z') };
    const whole = { ...plan(layer({ participants: ['ana'] })), overrides: [override] };
    const shown = finalShifts(whole, at('2026-11-10T09:00Z'), at('2026-11-10T12:00Z'));
    expect(shown.map(({ userId }) => userId)).toEqual(['ana', 'dan', 'ana']);
    const called = ['09:59:59', '10:00:00', '10:59:59', '11:00:00'].map(
      (time) => onCallAt(whole, at(`2026-11-10T${time}Z`)).userId,
    );
    expect(called).toEqual(['ana', 'dan', 'dan', 'ana']);
  });

  test('opsknight-labs/OpsKnight#378: the day that Apia never had, Lord Howe’s half hour, and a doubled time by a rule that is written down', () => {
    // 2011-12-30 was left out: from the 29th at midnight it was the 31st.
    const apia = plan(layer({ zone: 'Pacific/Apia', handoverTime: '00:00', startsOn: '2011-12-27' }));
    const days = finalShifts(apia, at('2011-12-28T12:00Z'), at('2012-01-02T12:00Z'));
    expect(days.every((shift, n) => n === 0 || shift.from.getTime() === days[n - 1]!.to.getTime())).toBe(true);
    expect(days.slice(1).map(({ from }) => zone.instantToWall('Pacific/Apia', from).date)).not.toContain('2011-12-30');
    // Half an hour forward at 02:00: 02:15 is not there, and means the first instant after it, 02:30.
    const missing = zone.wallToInstant('Australia/Lord_Howe', '2026-10-04T02:15');
    expect(zone.instantToWall('Australia/Lord_Howe', missing).time).toBe('02:30:00');
    // Half an hour back: 01:45 is there twice, and means the first.
    const doubled = zone.wallToInstant('Australia/Lord_Howe', '2026-04-05T01:45');
    const later = new Date(doubled.getTime() + 1_800_000);
    expect(zone.instantToWall('Australia/Lord_Howe', later).time).toBe('01:45:00');
    expect(zone.instantToWall('Australia/Lord_Howe', new Date(doubled.getTime() - 1_800_000)).time).toBe('01:15:00');
  });

  test('prometheus/alertmanager#2771, #2782: the same hours in two zones are two stretches, each by its own wall', () => {
    const office = { kind: 'daily' as const, days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' };
    const hours = (place: string) => {
      const one = plan(layer({ zone: place, windows: [office], participants: ['ana'] }));
      const [duty] = finalShifts(one, at('2026-11-10T00:00Z'), at('2026-11-11T00:00Z')).filter(({ userId }) => userId);
      return [duty?.from.toISOString().slice(11, 16), duty?.to.toISOString().slice(11, 16)];
    };
    expect(hours('Europe/Berlin')).toEqual(['08:00', '16:00']);
    expect(hours('America/New_York')).toEqual(['14:00', '22:00']);
    expect(hours('UTC')).toEqual(['09:00', '17:00']);
  });

  test('nodejs/node#30211, #44333, #45598, #47895, #57782, #62323; nodejs/Release#576, #773: the database converts no local time, so that its older zone data cannot matter', () => {
    const files = (dir: string): string[] =>
      readdirSync(dir, { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.(ts|sql)$/.test(name) && !name.endsWith('.test.ts'))
        .map((name) => join(dir, name));
    const guilty = [...files(join(root, 'src')), ...files(join(root, 'db/migrations'))].filter((file) =>
      /^(?!\s*(\/\/|\*|--)).*\bat\s+time\s+zone\b/im.test(readFileSync(file, 'utf8')),
    );
    expect(guilty).toEqual([]);
  });

  test('Zenduty: nothing offers to move a start by an hour', () => {
    const names = [...Object.keys(layerInput.shape), ...Object.keys(scheduleInput.shape)];
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => /dst|summer|daylight|offset|shiftHour/i.test(name))).toEqual([]);
  });

  test('node-cron, croner, cron-parser: no cron library is on the way of a page', () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    expect(Object.keys(dependencies).filter((name) => /cron|later|schedule/i.test(name))).toEqual([]);
  });
});
