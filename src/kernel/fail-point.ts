/**
 * Named places where a test may kill the process, to prove that a crash exactly there loses nothing.
 *
 * Does nothing unless `EVENKEEL_FAIL_AT=<name>` or `<name>:<n>` is set: then the process ends with SIGKILL at the first
 * (or the n-th) passing, without a farewell of any kind. Never set it where people rely on the product.
 */
import { config } from './config.ts';

let passed = 0;

/** A place at which a test may end the process. */
export function failPoint(name: string): void {
  if (config.failAt === undefined) return;
  const [wanted, nth = '1'] = config.failAt.split(':');
  if (wanted !== name) return;
  passed += 1;
  if (passed >= Number(nth)) process.kill(process.pid, 'SIGKILL');
}
