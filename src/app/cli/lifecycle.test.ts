/** Links to those who started us: read leniently, broken exactly when a parent is gone. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { isBroken, parseLinks } from './lifecycle.ts';

test('links are pairs of process ids; anything else is left out', () => {
  expect(parseLinks('0:411,411:410')).toEqual([
    { child: 0, parent: 411 },
    { child: 411, parent: 410 },
  ]);
  expect(parseLinks(undefined)).toEqual([]);
  expect(parseLinks('')).toEqual([]);
  expect(parseLinks('a:b,7,:,3:0,-1:x')).toEqual([]);
});

test('a link holds while the parent lives and breaks when it is gone', async () => {
  expect(isBroken({ child: 0, parent: process.ppid })).toBe(false);
  const middle = spawn('/bin/sh', ['-c', 'sleep 60 & echo $!; wait'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [line] = await once(middle.stdout!, 'data');
  const child = Number(String(line));
  expect(isBroken({ child, parent: middle.pid! })).toBe(false);
  middle.kill('SIGKILL');
  await once(middle, 'exit');
  expect(isBroken({ child, parent: middle.pid! })).toBe(true);
  process.kill(child, 'SIGKILL');
});
