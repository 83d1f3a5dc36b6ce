/** The doctor's eyes: each check says what is wrong and what to do, and changes nothing. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { config } from '#kernel';
import { dataDirectory, diskSpace, keyFile, nodeVersion, portFree } from './checks.ts';

const before = { ...config };
let scratch: string;
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'evenkeel doctor '));
  Object.assign(config, { dataDir: join(scratch, 'data'), secretKey: undefined, databaseUrl: undefined });
});
afterEach(() => {
  Object.assign(config, before);
  rmSync(scratch, { recursive: true, force: true });
});

test('before the first start everything is in order, and looking makes nothing', () => {
  expect([nodeVersion(), dataDirectory(), keyFile()].map((item) => item.state)).toEqual(['ok', 'note', 'note']);
  expect(diskSpace().state).not.toBe('fail');
  expect(existsSync(config.dataDir)).toBe(false);
});

test('a data directory that others may read is named with the command that closes it', () => {
  mkdirSync(config.dataDir, { mode: 0o700 });
  expect(dataDirectory().state).toBe('ok');
  chmodSync(config.dataDir, 0o755);
  expect(dataDirectory()).toMatchObject({ state: 'fail', hint: `chmod 700 "${config.dataDir}"` });
});

test('a key file that others may read, and a lost one, are both found', () => {
  mkdirSync(config.dataDir, { mode: 0o700 });
  const key = join(config.dataDir, 'secret.key');
  writeFileSync(key, 'x', { mode: 0o600 });
  expect(keyFile().state).toBe('ok');
  chmodSync(key, 0o644);
  expect(keyFile()).toMatchObject({ state: 'fail', hint: `chmod 600 "${key}"` });
  rmSync(key);
  mkdirSync(join(config.dataDir, 'postgres', 'cluster'), { recursive: true });
  writeFileSync(join(config.dataDir, 'postgres', 'cluster', 'PG_VERSION'), '18\n');
  expect(keyFile()).toMatchObject({ state: 'fail', text: expect.stringContaining('is missing') });
});

test('a key in the environment must have 32 bytes', () => {
  config.secretKey = Buffer.alloc(32).toString('base64');
  expect(keyFile().state).toBe('ok');
  config.secretKey = 'short';
  expect(keyFile().state).toBe('fail');
});

test('a port that another program holds is found', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  config.host = '127.0.0.1';
  config.port = (other.address() as { port: number }).port;
  expect(await portFree()).toMatchObject({ state: 'fail', text: expect.stringContaining('taken by another program') });
  await new Promise((resolve) => other.close(resolve));
  expect((await portFree()).state).toBe('ok');
});
