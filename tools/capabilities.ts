/** `npm run capabilities`: proven of all proof lines, by stage; fails on a claim whose test does not exist. */
import { CAPABILITIES } from '../test/capabilities.ts';
import { brokenClaims } from '../test/house/claims.ts';
import { PROOF_LINES } from '../test/proof-lines.ts';

const all = Object.values(PROOF_LINES).flat();
const broken = brokenClaims(CAPABILITIES, all);
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
