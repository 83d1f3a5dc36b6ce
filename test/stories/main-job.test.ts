/** The story as a test: what `npm run story` shows must hold at every change. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('one real alert is carried all the way, from the first signal to a finished improvement and a drill', async () => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'story.ts'), '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  child.stdout.on('data', (part) => (text += part));
  child.stderr.on('data', (part) => (text += part));
  const code = await new Promise((resolve) => child.on('exit', resolve));
  const report = JSON.parse(text.split('\n').findLast((line) => line.startsWith('{')) ?? '{}') as {
    ok?: boolean;
    steps?: { name: string; ok: boolean; observed: string }[];
  };
  expect(report.steps?.filter((step) => !step.ok).map((step) => `${step.name}: ${step.observed}`) ?? text).toEqual([]);
  expect(report.steps?.length).toBe(12);
  expect(code).toBe(0);
}, 240_000);
