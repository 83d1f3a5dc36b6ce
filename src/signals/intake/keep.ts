/** What a serving node keeps doing for its intake: knowing who may send should the database go away, and emptying what lies on its disk. */
import { type House, log } from '#kernel';
import { mayDrain } from './aside.ts';
import { hasLearned, loadKeys, saveKeys } from './away.ts';
import { intakeOf } from './intake.ts';
import { readLimits } from './limits.ts';

/** Who may send is written down this often, and soon after somebody was heard for the first time. */
const KEYS_EVERY = 15;
const LOOK_MS = 1000;

/** Begins at once with what an earlier process has left on this disk. */
export function keepIntake(house: House): { stop(): Promise<void> } {
  loadKeys();
  mayDrain(true);
  const intake = intakeOf(house);
  intake.drain();
  const save = () =>
    Promise.all([saveKeys(house), readLimits(house)]).catch((error: Error) =>
      log.info({ error: error.message }, 'who may send could not be written down just now'),
    );
  const first = save();
  let looks = 0;
  const timer = setInterval(() => {
    looks += 1;
    if (hasLearned() || looks % KEYS_EVERY === 0) void save();
  }, LOOK_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await first;
    },
  };
}

/** At a start without a database: who may send is what was last known. */
export function takeWithoutDatabase(house: House): void {
  loadKeys();
  mayDrain(false);
  intakeOf(house);
}
