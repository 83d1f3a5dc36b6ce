/** `npm run faults -- <promise>`: runs one experiment and prints, last, what it counted. */
import type { Experiment } from './rig/report.ts';

const EXPERIMENTS: Record<string, () => Promise<Experiment>> = {
  p1: async () => (await import('./p1.ts')).p1,
  p2: async () => (await import('./p2.ts')).p2,
  p3: async () => (await import('./p3.ts')).p3,
  p4: async () => (await import('./p4.ts')).p4,
  p5: async () => (await import('./p5.ts')).p5,
  p6: async () => (await import('./p6.ts')).p6,
  p8: async () => (await import('./p8.ts')).p8,
  p9: async () => (await import('./p9.ts')).p9,
  p10: async () => (await import('./p10.ts')).p10,
  p11: async () => (await import('./p11.ts')).p11,
  p20: async () => (await import('./p20.ts')).p20,
  p14: async () => (await import('./p14.ts')).p14,
  p18: async () => (await import('./p18.ts')).p18,
  p19: async () => (await import('./p19.ts')).p19,
};

const args = process.argv.slice(2);
const option = (name: string) => {
  const at = args.indexOf(`--${name}`);
  return at < 0 ? undefined : args[at + 1];
};
const load = EXPERIMENTS[args[0] ?? ''];
if (!load) {
  console.error(
    `Say which: ${Object.keys(EXPERIMENTS).join(', ')}. As in: npm run faults -- p2 --tier quick --seed 7 --json`,
  );
  process.exit(2);
}
const tier = option('tier') === 'full' ? 'full' : 'quick';
const seed = Number(option('seed') ?? Math.floor(Math.random() * 1e6));
const size = option('n') === undefined ? undefined : Number(option('n'));
console.log(`${args[0]}, ${tier} tier, seed ${seed}`);
// Stopping the database waits on handles that do not keep a process alive by themselves.
const awake = setInterval(() => {}, 1000);
const verdict = await (await load())({ tier, seed }, size);
clearInterval(awake);
console.log(args.includes('--json') ? JSON.stringify(verdict) : JSON.stringify(verdict, null, 2));
process.exit(verdict.pass ? 0 : 1);
