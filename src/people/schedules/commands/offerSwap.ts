/** Offers one's own shift, or a part of it: to somebody, perhaps for one of theirs in return, or to whoever can take it. */
import { invalid, json, newId, Problem, personOf, zone } from '#kernel';
import { command } from '#security';
import { found, peopleById, requirePeople } from '../../checks.ts';
import { tellScreens } from '../../saving.ts';
import { readStretch } from '../moments.ts';
import { coverFor } from '../planning.ts';
import { requireDuty } from '../swapping.ts';
import { loadSchedules } from '../store.ts';
import { tell } from '../telling.ts';

export interface OfferSwap {
  scheduleId: string;
  /** None: whoever of the rested, free people of the schedule and its team accepts first. */
  toUserId?: string | null | undefined;
  /** Instants, or times on the wall in the schedule's zone. */
  from: string;
  to: string;
  /** A stretch of the other person's duty that is taken in return. */
  inReturn?: { from: string; to: string } | null | undefined;
  note: string;
}

const refuse = (path: string, message: string) =>
  invalid('This shift cannot be offered', 'people.swap', [{ path, message }]);
/** So many are asked at once at most. */
const ASKED = 20;

/** Throws 403 for an actor that is nobody, 404, 422 for a stretch that is over or in which the person has no duty. */
export const offerSwap = command(
  'people.offerSwap',
  { allow: 'responder', subject: (_i: OfferSwap, r: { id: string }) => r.id },
  async (ctx, input) => {
    const me = personOf(ctx.actor);
    if (!me) throw new Problem(403, 'Only a person has shifts to offer', { rule: 'people.swap' });
    const [loaded] = await loadSchedules(ctx.db, ctx.now, [input.scheduleId]);
    const schedule = found(loaded, 'Schedule', input.scheduleId);
    const { toUserId = null, inReturn = null, note } = input;
    const stretch = (of: { from: string; to: string }, path: string) => {
      const at = (field: string, message: string) => refuse(`${path}${field}`, message);
      const [from, to] = readStretch(schedule.zone, of, at);
      if (from >= to) throw at('to', 'it must end after it begins');
      if (to <= ctx.now) throw at('to', 'it is over already');
      return [from, to] as const;
    };
    const [from, to] = stretch(input, '');
    const back = inReturn && stretch(inReturn, 'inReturn.');
    const users = await peopleById(ctx);
    if (toUserId) requirePeople(users, [{ path: 'toUserId', id: toUserId }]);
    if (toUserId === me) throw refuse('toUserId', 'this is you');
    if (back && !toUserId) throw refuse('toUserId', 'whose shift is taken in return? Name the person');
    if (back && back[0] < to && from < back[1]) throw refuse('inReturn.from', 'it meets the shift that is offered');
    requireDuty(ctx, users, schedule, me, from, to, () => refuse('from', 'you are not on call in this stretch'));
    if (back && toUserId)
      requireDuty(ctx, users, schedule, toUserId, ...back, () =>
        refuse('inReturn.from', `${users.get(toUserId)?.name} is not on call in this stretch`),
      );
    const asked = toUserId ? [toUserId] : await free(ctx, schedule.id, me, from, to);
    if (asked.length === 0) throw refuse('toUserId', 'nobody of this schedule and its team is free and rested then');
    const id = newId('swp');
    const row = { id, scheduleId: schedule.id, fromUserId: me, toUserId, fromAt: from, toAt: to, note };
    await ctx.db
      .insertInto('people.swaps')
      .values({
        ...row,
        asked: json(asked),
        returnFromAt: back?.[0] ?? null,
        returnToAt: back?.[1] ?? null,
        createdAt: ctx.now,
      })
      .execute();
    const say = (one: readonly [Date, Date]) =>
      `from ${zone.sayInstant(schedule.zone, one[0])} to ${zone.sayInstant(schedule.zone, one[1])}`;
    const name = users.get(me)?.name ?? 'Somebody';
    for (const userId of asked)
      await tell(ctx, users.get(userId), id, `${name} asks you to take a shift`, [
        `${name} offers you the shift in ${schedule.name} ${say([from, to])}.`,
        ...(back ? [`In return ${name} takes yours ${say(back)}.`] : []),
        ...(asked.length > 1 ? [`${asked.length - 1} more are asked; whoever accepts first has it.`] : []),
        ...(note ? [note] : []),
        'Accept or decline it under “On call”. Until you accept, nothing changes.',
      ]);
    await tellScreens(ctx, 'schedule', schedule.id);
    ctx.audit.after = { ...row, asked, inReturn: back };
    return { id };
  },
);

/** Who could take the stretch: not away, not on duty, and rested. Least recent duty first. */
async function free(ctx: Parameters<typeof coverFor>[0], id: string, me: string, from: Date, to: Date) {
  const people = await coverFor(ctx, id, from, to);
  return people
    .filter(({ person, hindrance }) => person.id !== me && hindrance === null)
    .map(({ person }) => person.id)
    .slice(0, ASKED);
}
