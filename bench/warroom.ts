/**
 * The war room of an incident with 5,000 entries: how soon one sees something, and how soon 200 others see what one
 * writes. Each part is a file in `warroom/` that gives figures with their limits; another part is one more line here.
 */
import { report, scratch, startProduct } from './lib.ts';
import { fanout } from './warroom/fanout.ts';
import { open } from './warroom/open.ts';
import { record } from './warroom/record.ts';
import { type Figure, openWorld, type Part } from './warroom/world.ts';

const PARTS: Record<string, Part> = { open, fanout, record };
const ENTRIES = Number(/--entries=(\d+)/.exec(process.argv.join(' '))?.[1] ?? 5000);
/** `--only=open` runs one part. */
const only = /--only=(\w+)/.exec(process.argv.join(' '))?.[1];

const place = scratch();
try {
  const product = await startProduct(place.dir);
  try {
    const world = await openWorld(product, place.dir, ENTRIES);
    const figures: Figure[] = [];
    for (const [name, part] of Object.entries(PARTS)) if (!only || name === only) figures.push(...(await part(world)));
    const told = (pick: (figure: Figure) => unknown) =>
      Object.fromEntries(figures.map((figure) => [figure.name, pick(figure)]));
    const worst = Math.max(...figures.map(({ ratio }) => ratio));
    report({
      bench: 'warroom',
      ours: { entries: ENTRIES, ...told(({ ours }) => ours) },
      peer: told(({ limit }) => limit),
      ratio: worst,
      pass: worst < 1,
    });
  } finally {
    await product.stop();
  }
} finally {
  place.remove();
}
