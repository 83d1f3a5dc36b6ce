/** Whether a claimed proof has its test. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** Why a claimed test is not one: undefined when it is there and not skipped. A name may end with `…`. */
export function missing(claim: string): string | undefined {
  const [file = '', name = ''] = claim.split(' › ');
  const path = join(root, file);
  if (!existsSync(path)) return `${file} does not exist`;
  const text = readFileSync(path, 'utf8');
  if (!name) return `“${claim}” names no test`;
  const at = text.indexOf(name.replace(/…$/, ''));
  if (at < 0) return `${file} has no test “${name}”`;
  const line = text.slice(text.lastIndexOf('\n', at) + 1, at);
  return /\.(?:skip|todo)\b/.test(line) ? `the test “${name}” is skipped` : undefined;
}

/** Everything wrong with a list of claims, in words. */
export function brokenClaims(claims: Record<string, string[]>, known: string[]): string[] {
  return Object.entries(claims).flatMap(([id, tests]) => [
    ...(known.includes(id) ? [] : [`${id} is not a proof line`]),
    ...(tests.length === 0 ? [`${id} names no test`] : []),
    ...tests
      .map(missing)
      .filter((why) => why !== undefined)
      .map((why) => `${id}: ${why}`),
  ]);
}
