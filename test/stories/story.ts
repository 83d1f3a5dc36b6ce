/**
 * `npm run story`: the whole main job on a scratch database, from outside, through public interfaces only.
 * `--json` prints one object at the end. `--keep` leaves the product running to look at, `--until "4 containment"` stops there.
 */
import { containment, incident } from './main-job/command-and-containment.ts';
import { firstWord, lastWord } from './main-job/customers.ts';
import { drill } from './main-job/drill.ts';
import { prepare } from './main-job/prepare.ts';
import { type Product, startProduct } from './main-job/product.ts';
import { learning, recovery } from './main-job/recovery-and-learning.ts';
import { page, signal } from './main-job/signal-and-people.ts';
import { openWorld, PASSWORD, type World } from './main-job/world.ts';

interface Step {
  name: string;
  ok: boolean;
  ms: number;
  observed: string;
}

/** Customers hear the first word while harm is being contained, and the last one when service is back: step 6 has two parts. */
const STEPS: [string, (world: World) => Promise<string>][] = [
  ['prepare', prepare],
  ['1 signal', signal],
  ['2 people', page],
  ['3 incident', incident],
  ['4 containment', containment],
  ['6 customers, first word', firstWord],
  ['5 recovery', recovery],
  ['6 customers, last word', lastWord],
  ['7 learning', learning],
  ['8 drill', drill],
];

const asJson = process.argv.includes('--json');
const keep = process.argv.includes('--keep');
const last = process.argv.includes('--until') ? process.argv[process.argv.indexOf('--until') + 1] : undefined;
const say = (step: Step) => {
  if (!asJson)
    console.log(
      `${step.ok ? 'ok    ' : 'FAILED'} ${step.name.padEnd(24)} ${String(step.ms).padStart(6)} ms  ${step.observed}`,
    );
};

/** Runs one step; a failure ends the story. */
async function take(steps: Step[], name: string, work: () => Promise<string>): Promise<boolean> {
  const started = performance.now();
  const done = (ok: boolean, observed: string) => {
    const step = { name, ok, ms: Math.round(performance.now() - started), observed };
    steps.push(step);
    say(step);
    return ok;
  };
  try {
    return done(true, await work());
  } catch (error) {
    return done(false, (error as Error).message);
  }
}

const steps: Step[] = [];
let product: Product | undefined;
let world: World | undefined;
let ok = await take(steps, 'start', async () => {
  product = await startProduct();
  world = await openWorld(product);
  return `${product.url}, set-up link used, 4 people signed in; first answer after ${product.startMs} ms on an empty directory`;
});
for (const [name, work] of STEPS) {
  if (!ok || !world) break;
  const here = world;
  ok = await take(steps, name, () => work(here));
  if (name === last) break;
}
if (keep && product && world) {
  console.log(
    `Sign in at ${product.url} as ${world.ines.email}, ${world.lena.email} or ${world.admin.email} with “${PASSWORD}”. Ctrl-C ends it.`,
  );
  await new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
}
if (!ok && product) console.error(product.output().split('\n').slice(-30).join('\n'));
await world?.close();
if (product) {
  const running = product;
  ok =
    (await take(steps, 'stop', async () => {
      const code = await running.stop();
      if (code !== 0) throw new Error(`the product ended with ${code}`);
      return 'SIGTERM drained, exit 0';
    })) && ok;
}
if (asJson) console.log(JSON.stringify({ ok, steps }));
process.exit(ok ? 0 : 1);
