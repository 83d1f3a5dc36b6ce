/** The limits of senders in force, read now and then: the way in does not ask the database for them. */
import { type House, log, readSetting } from '#kernel';
import { intakeLimits } from '../settings.ts';
import type { Limits } from './fairness.ts';

let now = intakeLimits.default;

/** The limits of a sender, by its integration's id. */
export function limitsOf(integrationId: string | undefined): Limits {
  const own = integrationId === undefined ? undefined : now.sources[integrationId];
  return own ? { ...now, ...own } : now;
}

/** Reads what an operator has set. Without a database what was read before holds. */
export async function readLimits(house: House): Promise<void> {
  now = await readSetting({ db: house.db, log }, intakeLimits);
}
