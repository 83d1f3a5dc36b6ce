/** Processor time of processes: what a piece of work costs, which other work on the machine does not change as much as how long it takes. */
import { readFileSync } from 'node:fs';
import { tree } from '../test/faults/product.ts';

/** Linux counts in hundredths of a second. */
const TICK_MS = 10;

function spent(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    // User and system time of its own and of children that have ended.
    return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) * TICK_MS;
  } catch {
    return 0;
  }
}

/** Milliseconds of processor time that these processes and all below them have taken until now. */
export function cpuMs(...roots: number[]): number {
  const pids = new Set(roots.flatMap((pid) => tree(pid).map((item) => item.pid)));
  return [...pids].reduce((sum, pid) => sum + spent(pid), 0);
}
