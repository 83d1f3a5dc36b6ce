/** Offers one's own shift, or a part of it, to somebody. */
import { invalid, newId, Problem, personOf, zone } from '#kernel';
import { command } from '#security';
import { found, peopleById, requirePeople } from '../../checks.ts';
import { tellScreens } from '../../saving.ts';
import { readStretch } from '../moments.ts';
import { requireDuty } from '../swapping.ts';
import { loadSchedules } from '../store.ts';
import { tell } from '../telling.ts';

export interface OfferSwap {
  scheduleId: string;
  toUserId: string;
  /** Instants, or times on the wall in the schedule's zone. */
  from: string;
  to: string;
  note: string;
}

const refuse = (path: string, message: string) =>
  invalid('This shift cannot be offered', 'people.swap', [{ path, message }]);

/** Throws 403 for an actor that is nobody, 404, 422 for a stretch that is over or in which the person has no duty. */
export const offerSwap = command(
  'people.offerSwap',
  { allow: 'responder', subject: (_i: OfferSwap, r: { id: string }) => r.id },
  async (ctx, input) => {
    const me = personOf(ctx.actor);
    if (!me) throw new Problem(403, 'Only a person has shifts to offer', { rule: 'people.swap' });
    const [loaded] = await loadSchedules(ctx.db, ctx.now, [input.scheduleId]);
    const schedule = found(loaded, 'Schedule', input.scheduleId);
    const [from, to] = readStretch(schedule.zone, input, refuse);
    if (from >= to) throw refuse('to', 'it must end after it begins');
    if (to <= ctx.now) throw refuse('to', 'it is over already');
    const users = await peopleById(ctx);
    requirePeople(users, [{ path: 'toUserId', id: input.toUserId }]);
    if (input.toUserId === me) throw refuse('toUserId', 'this is you');
    requireDuty(ctx, users, schedule, me, from, to, () => refuse('from', 'you are not on call in this stretch'));
    const id = newId('swp');
    const { toUserId, note } = input;
    const row = { id, scheduleId: schedule.id, fromUserId: me, toUserId, fromAt: from, toAt: to, note };
    await ctx.db
      .insertInto('people.swaps')
      .values({ ...row, createdAt: ctx.now })
      .execute();
    const when = `from ${zone.sayInstant(schedule.zone, from)} to ${zone.sayInstant(schedule.zone, to)}`;
    const name = users.get(me)?.name ?? 'Somebody';
    await tell(ctx, users.get(toUserId), id, `${name} asks you to take a shift`, [
      `${name} offers you the shift in ${schedule.name} ${when}.`,
      ...(note ? [note] : []),
      'Accept or decline it under “On call”. Until you accept, nothing changes.',
    ]);
    await tellScreens(ctx, 'schedule', schedule.id);
    ctx.audit.after = row;
    return { id };
  },
);
