/** Zone names of other products: mapped or refused, never silently UTC. */
import { describe, expect, test } from 'vitest';
import { zone } from '#kernel';
import { mappedZones, placeOf } from './zones.ts';

describe('zone names of other pagers', () => {
  test('Rails and Windows names are mapped to places (row 83)', () => {
    expect(placeOf('Pacific Time (US & Canada)')).toEqual({ ok: true, zone: 'America/Los_Angeles', mapped: true });
    expect(placeOf('(GMT-05:00) Eastern Time (US & Canada)')).toMatchObject({ zone: 'America/New_York' });
    expect(placeOf('Pacific Standard Time')).toMatchObject({ zone: 'America/Los_Angeles' });
    expect(placeOf('W. Europe Standard Time')).toMatchObject({ zone: 'Europe/Berlin' });
    expect(placeOf('Kyiv')).toMatchObject({ zone: 'Europe/Kyiv' });
    expect(placeOf('Europe/Berlin')).toEqual({ ok: true, zone: 'Europe/Berlin', mapped: false });
    expect(placeOf('UTC')).toMatchObject({ zone: 'UTC' });
  });
  test('offsets, abbreviations, inventions and nothing at all are refused with a hint (rows 83 and 91)', () => {
    for (const name of [
      'GMT+2',
      'UTC+02:00',
      'EST',
      'America/Nowhere',
      '',
      null,
      undefined,
      'Etc/GMT+12',
      'International Date Line West',
      'Dateline Standard Time',
    ])
      expect(placeOf(name), String(name)).toMatchObject({ ok: false });
    expect(placeOf('EST')).toMatchObject({ why: expect.stringContaining('America/New_York') });
    expect(placeOf('GMT+2')).toMatchObject({ why: expect.stringContaining('Europe/Helsinki') });
  });
  test('every place in the tables is one this Node knows', () => {
    expect(mappedZones().length).toBeGreaterThan(140);
    expect(
      mappedZones()
        .filter(([, place]) => !zone.checkZone(place).ok)
        .map(([name]) => name),
    ).toEqual(['international date line west']);
  });
});
