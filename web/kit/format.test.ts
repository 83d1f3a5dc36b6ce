/** Times and durations read the way a person says them. */
import { expect, test } from 'vitest';
import { formatAgo, formatDuration, formatFull, formatInstant, zoneName } from './format.ts';

const at = (iso: string) => Date.parse(iso);
const now = at('2026-11-23T13:03:07Z');

test('an instant of today is a time with its zone, on other days the day comes first', () => {
  expect(formatInstant(now, 'Europe/Berlin', now)).toBe('14:03 CET');
  expect(formatInstant(at('2026-11-22T05:06:00Z'), 'Europe/Berlin', now)).toBe('Sun 22 Nov, 06:06 CET');
  expect(formatInstant(at('2025-07-01T05:06:00Z'), 'Europe/Berlin', now)).toBe('Tue 1 Jul 2025, 07:06 CEST');
  expect(formatInstant(now, 'Europe/Berlin', now, { seconds: true })).toBe('14:03:07 CET');
});

test('what today is depends on the zone', () => {
  const night = at('2026-11-23T23:30:00Z');
  expect(formatInstant(night, 'UTC', now)).toBe('23:30 UTC');
  expect(formatInstant(night, 'Europe/Berlin', now)).toBe('Tue 24 Nov, 00:30 CET');
});

test('zones are named as people name them, else by their offset', () => {
  expect(zoneName(now, 'America/New_York')).toBe('EST');
  expect(zoneName(now, 'Europe/London')).toBe('GMT');
  expect(zoneName(now, 'UTC')).toBe('UTC');
  expect(zoneName(now, 'Asia/Kathmandu')).toBe('UTC+05:45');
});

test('the long form names everything', () => {
  expect(formatFull(now, 'UTC')).toBe('Mon 23 Nov 2026, 13:03:07 UTC');
});

test('durations keep two units at most', () => {
  expect([0, 45, 60, 725, 3_600, 5_040, 172_800, 183_600].map((seconds) => formatDuration(seconds))).toEqual([
    '0 s',
    '45 s',
    '1 min',
    '12 min',
    '1 h',
    '1 h 24 min',
    '2 d',
    '2 d 3 h',
  ]);
  expect(formatDuration(725, { exact: true })).toBe('12 min 05 s');
  expect(formatDuration(-3)).toBe('0 s');
});

test('the distance to an instant never counts seconds', () => {
  const ago = (seconds: number) => formatAgo(now - seconds * 1_000, now);
  expect([3, 59, 61, 5_399, 5_400, 129_600, -30, -720].map(ago)).toEqual([
    'just now',
    'just now',
    '1 min ago',
    '89 min ago',
    '1 h ago',
    '1 d ago',
    'in less than 1 min',
    'in 12 min',
  ]);
});
