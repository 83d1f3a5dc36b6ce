/** `npm run capabilities`: proven of all proof lines, by stage; fails on a claim whose test does not exist. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CAPABILITIES } from '../test/capabilities.ts';
import { PROOF_LINES } from '../test/proof-lines.ts';

const root = join(import.meta.dirname, '..');

/** Why a claimed test is not one: undefined when it is there and not skipped. */
export function missing(claim: string): string | undefined {
  const [file = '', name = ''] = claim.split(' › ');
  const path = join(root, file);
  if (!existsSync(path)) return `${file} does not exist`;
  const text = readFileSync(path, 'utf8');
  if (!name) return `“${claim}” names no test`;
  const wanted = name.replace(/…$/, '');
  const at = text.indexOf(wanted);
  if (at < 0) return `${file} has no test “${name}”`;
  const line = text.slice(text.lastIndexOf('\n', at) + 1, at);
  return /\.(?:skip|todo)\b/.test(line) ? `the test “${name}” is skipped` : undefined;
}

const all = Object.values(PROOF_LINES).flat();
const broken = Object.entries(CAPABILITIES).flatMap(([id, claims]) => {
  const unknown = all.includes(id) ? [] : [`${id} is not a proof line`];
  const none = claims.length === 0 ? [`${id} names no test`] : [];
  return [
    ...unknown,
    ...none,
    ...claims
      .map(missing)
      .filter((why) => why !== undefined)
      .map((why) => `${id}: ${why}`),
  ];
});
const proven = Object.keys(CAPABILITIES).filter((id) => all.includes(id));
const byStage = Object.fromEntries(
  Object.entries(PROOF_LINES).map(([stage, ids]) => [
    stage,
    { proven: ids.filter((id) => proven.includes(id)).length, total: ids.length },
  ]),
);

if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ proven: proven.length, total: all.length, byStage, ids: proven, broken }));
} else {
  for (const [stage, { proven: n, total }] of Object.entries(byStage))
    console.log(`${stage.padEnd(24)} ${String(n).padStart(3)} / ${total}`);
  console.log(`\n${proven.length} of ${all.length} proof lines proven: ${proven.join(', ')}`);
  for (const line of broken) console.error(`BROKEN ${line}`);
}
process.exitCode = broken.length > 0 ? 1 : 0;
