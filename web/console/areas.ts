/** Every area of the console. A new folder with an `index.tsx` that exports `area` is in; nothing else changes. */
import type { Area } from '../kit/index.ts';

const found = import.meta.glob<{ area?: Area }>('./*/index.tsx', {
  eager: true,
});

/** The areas by folder name. */
export const areas: { name: string; area: Area }[] = Object.entries(found)
  .flatMap(([path, module]) => (module.area ? [{ name: path.split('/')[1]!, area: module.area }] : []))
  .sort((a, b) => a.name.localeCompare(b.name));
