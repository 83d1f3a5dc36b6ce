/** Writes down the duty held until now in every schedule. */
import { command } from '#security';
import { keepDuty } from '../duty.ts';

export const recordDuty = command('people.recordDuty', { allow: 'internal' }, async (ctx, _input: object) => {
  await keepDuty(ctx);
  return {};
});
