/**
 * Loaded before a node (`--import`) to put its clock wrong: `SKEW_FILE` holds the milliseconds and may change while it runs.
 * Only the clock of the process; the database's is moved by `clock.ts`.
 */
import { readFileSync } from 'node:fs';

const file = process.env.SKEW_FILE;
if (file) {
  const Real = Date;
  const real = Date.now.bind(Date);
  let skew = 0;
  const look = () => {
    try {
      skew = Number(readFileSync(file, 'utf8')) || 0;
    } catch {
      // Not written yet.
    }
  };
  look();
  setInterval(look, 50).unref();
  Real.now = () => real() + skew;
  globalThis.Date = new Proxy(Real, {
    construct: (target, args, self) => Reflect.construct(target, args.length > 0 ? args : [real() + skew], self),
  });
}
