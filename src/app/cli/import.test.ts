/** `evenkeel import`, as a real process against a real product and a PagerDuty that speaks its real HTTP. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FakePager, openPagerDuty } from '../../../test/fakes/pagers.ts';
import { pagerDutyCompany } from '../../../test/fixtures/imports/pagerduty.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';

const CLI = join(import.meta.dirname, '../cli.ts');
let house: House;
let pager: FakePager;
let token: string;
let dir: string;
beforeAll(async () => {
  house = await openHouse();
  pager = await openPagerDuty(pagerDutyCompany((await house.ctx('system')).now));
  token = (await (await house.signIn('admin')).post('/api/v1/tokens', { name: 'cli', scopes: ['*'] })).body.secret;
  dir = mkdtempSync(join(tmpdir(), 'evenkeel-import-'));
});
afterAll(async () => {
  rmSync(dir, { recursive: true, force: true });
  await pager.close();
  await house.close();
});

/** Runs the program; jobs are worked through meanwhile, as a running product would. */
async function evenkeel(
  args: string[],
  env: Record<string, string> = { EVENKEEL_IMPORT_KEY: pager.key },
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [CLI, 'import', ...args], {
    env: { ...process.env, EVENKEEL_URL: house.url, EVENKEEL_TOKEN: token, ...env },
  });
  let [out, err, over] = ['', '', false];
  child.stdin.end();
  child.stdout.on('data', (part) => (out += part));
  child.stderr.on('data', (part) => (err += part));
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve)).finally(() => (over = true));
  while (!over) {
    await house.settle();
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 100))]);
  }
  return { code: await closed, out, err };
}

describe('evenkeel import', () => {
  test('a dry run shows what would change and what cannot be carried, changes nothing and exits with 2', async () => {
    const { code, out, err } = await evenkeel(['pagerduty', '--base-url', pager.url]);
    expect(code, err).toBe(2);
    expect(out).toContain('A dry run: nothing is changed.');
    expect(out).toMatch(/Schedules \(2 to create, 1 cannot be carried\)/);
    expect(out).toContain('+ Primary  America/New_York · 1 layer · 2 people');
    expect(out).toMatch(/x Sofia[\s\S]*fixed offset[\s\S]*→ Set a place such as Europe\/Berlin/);
    expect(out + err).not.toContain(pager.key);
    expect((await (await house.signIn('admin')).get('/api/v1/schedules')).body.items).toEqual([]);
  });
  test('saved to a file that only its owner may read, carried over from it, and again nothing changes', async () => {
    const file = join(dir, 'saved.json');
    const saved = await evenkeel(['pagerduty', '--base-url', pager.url, '--save', file]);
    expect(saved.code, saved.err).toBe(0);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).not.toMatch(/deadbeefdeadbeef|c1e1f6dd5a6d4d05a1d85e0d3c0a1b2c|pdReadOnlyKey/);
    const applied = await evenkeel(['pagerduty', '--from', file, '--apply'], {});
    expect(applied.err).not.toContain('Error');
    expect(applied.code, applied.err).toBe(3);
    expect(applied.out).toContain('Carried over from PagerDuty: 13 created, 0 changed.');
    expect(applied.out).toContain('To do by hand:');
    const again = await evenkeel(['pagerduty', '--from', file, '--json'], {});
    const answer = JSON.parse(again.out);
    expect(answer.plan.counts).toMatchObject({ create: 0, change: 0, conflict: 0, same: 13, refused: 2 });
    expect(again.code).toBe(3);
  });
  test('a folder of answers as they were fetched is read; links out of it are not followed (row 87)', async () => {
    const folder = join(dir, 'answers');
    mkdirSync(folder);
    const { users, schedules, overrides } = pager.data;
    writeFileSync(join(folder, 'users.json'), JSON.stringify({ users, more: false }));
    writeFileSync(join(folder, 'schedule-PI7DH85.json'), JSON.stringify({ schedule: schedules?.[0] }));
    writeFileSync(
      join(folder, 'overrides-PI7DH85.json'),
      JSON.stringify({ overrides: overrides?.map(({ schedule: _, ...one }) => one) }),
    );
    writeFileSync(join(dir, 'outside.json'), '{"users": "not ours"}');
    symlinkSync(join(dir, 'outside.json'), join(folder, 'teams.json'));
    const { code, out, err } = await evenkeel(['pagerduty', '--from', folder, '--json'], {});
    expect(err).toBe('');
    expect(JSON.parse(out).plan.rows.map((row: { key: string }) => row.key)).toEqual(
      expect.arrayContaining(['schedule:PI7DH85', 'override:PQ47DCP']),
    );
    expect(code).toBe(0);
  });
  test('no key, a wrong key, a broken file: exit 1 with what to do', async () => {
    const none = await evenkeel(['pagerduty', '--base-url', pager.url], {});
    expect(none).toMatchObject({ code: 1, err: expect.stringContaining('EVENKEEL_IMPORT_KEY') });
    const wrong = await evenkeel(['pagerduty', '--base-url', pager.url], { EVENKEEL_IMPORT_KEY: 'nonsense-key' });
    expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining('does not accept this key') });
    expect(wrong.err).not.toContain('nonsense-key');
    writeFileSync(join(dir, 'broken.json'), '[{"a":');
    const broken = await evenkeel(['goalert', '--from', join(dir, 'broken.json')], {});
    expect(broken).toMatchObject({ code: 1, err: expect.stringContaining('broken.json cannot be read') });
    const deep = join(dir, 'deep.json');
    writeFileSync(deep, '['.repeat(200_000));
    expect((await evenkeel(['opsgenie', '--from', deep], {})).code).toBe(1);
  });
});
