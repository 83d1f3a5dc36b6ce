/** The program's thin commands, run as real processes against a real product. */
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type House, openHouse } from '../../../test/harness/house.ts';
import { contractModules } from './contract.ts';

const CLI = join(import.meta.dirname, '../cli.ts');
let house: House;
let token: string;
beforeAll(async () => {
  house = await openHouse();
  token = (await (await house.signIn('responder')).post('/api/v1/tokens', { name: 'cli', scopes: ['*'] })).body.secret;
});
afterAll(() => house.close());

/** Runs the program; the product lives in this very process, so it must not be blocked while the program runs. */
function evenkeel(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [CLI, ...args], {
    env: { ...process.env, EVENKEEL_URL: house.url, EVENKEEL_TOKEN: token },
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (part) => (out += part));
  child.stderr.on('data', (part) => (err += part));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
}

test('an incident is declared and read from the command line', async () => {
  const declared = await evenkeel('incidents', 'declare', '--title', 'Checkout is down', '--severity', '2', '--json');
  expect(declared.code, declared.err).toBe(0);
  const { key } = JSON.parse(declared.out);
  const shown = await evenkeel('incidents', 'get', key, '--json');
  expect(JSON.parse(shown.out)).toMatchObject({ title: 'Checkout is down', severity: 2, phase: 'detection' });
  const listed = await evenkeel('incidents', 'list', '--state', 'active', '--limit', '5', '--json');
  expect(JSON.parse(listed.out).items).toHaveLength(1);
});

test('a refusal is said in words, with what is wrong, and exit 1', async () => {
  const refused = await evenkeel('incidents', 'declare');
  expect(refused.code).toBe(1);
  expect(refused.err).toContain('title');
  const none = await evenkeel('incidents', 'get', 'INC-999');
  expect(none.err).toContain('not found');
});

test('every module of the contract is a word of the command line', () => {
  const help = spawnSync(process.execPath, [CLI, '--help'], { encoding: 'utf8' }).stdout;
  for (const module of contractModules()) expect(help).toContain(module);
});
