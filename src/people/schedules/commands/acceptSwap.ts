/** Takes over the shift one was offered, and gives the one that is asked in return: overrides with both names. */
import { conflict, type Ctx, personOf, zone } from '#kernel';
import { command } from '#security';
import { found, peopleById } from '../../checks.ts';
import { tellScreens } from '../../saving.ts';
import { decideSwap, lockAskedSwap, requireDuty } from '../swapping.ts';
import { loadSchedules } from '../store.ts';
import { tell } from '../telling.ts';
import { addOverride } from './addOverride.ts';

/** Throws 404 for everybody but those who were asked, 409 when it is decided, over, or no longer the others' shift. */
export const acceptSwap = command(
  'people.acceptSwap',
  { allow: 'responder', subject: (input: { id: string }) => input.id },
  async (ctx, { id }) => {
    const swap = await lockAskedSwap(ctx, id);
    const { scheduleId, fromUserId, fromAt, toAt } = swap;
    const me = personOf(ctx.actor) ?? '';
    const [loaded] = await loadSchedules(ctx.db, ctx.now, [scheduleId]);
    const schedule = found(loaded, 'Schedule', scheduleId);
    const users = await peopleById(ctx);
    const [from, to] = [users.get(fromUserId)?.name ?? 'the other person', users.get(me)?.name ?? 'Somebody'];
    const still = (userId: string, name: string, begins: Date, ends: Date) =>
      requireDuty(ctx, users, schedule, userId, begins, ends, () =>
        conflict(`${name} no longer has this shift`, 'people.swap', 'The schedule has changed since it was offered.'),
      );
    still(fromUserId, from, fromAt, toAt);
    const back = swap.returnFromAt && swap.returnToAt ? ([swap.returnFromAt, swap.returnToAt] as const) : undefined;
    if (back && back[1] <= ctx.now)
      throw conflict('What you would give in return is over', 'people.swap', 'Ask for another offer.');
    if (back) still(me, to, ...back);
    const give = (userId: string, replacesUserId: string, name: string, begins: Date, ends: Date) =>
      addOverride(ctx, {
        scheduleId,
        userId,
        replacesUserId,
        from: fromNow(ctx, begins),
        to: ends.toISOString(),
        reason: swap.note || `Taken over from ${name}`,
      });
    const override = await give(me, fromUserId, from, fromAt, toAt);
    const returned = back ? await give(fromUserId, me, to, ...back) : undefined;
    await decideSwap(ctx, id, 'accepted', {
      overrideId: override.id,
      returnOverrideId: returned?.id ?? null,
      toUserId: me,
    });
    const say = (begins: Date, ends: Date) =>
      `${zone.sayInstant(schedule.zone, begins)} to ${zone.sayInstant(schedule.zone, ends)}`;
    await tell(ctx, users.get(fromUserId), id, `${to} takes your shift`, [
      `${to} takes over your shift in ${schedule.name}, ${say(fromAt, toAt)}.`,
      ...(back ? [`You take ${to}’s in return, ${say(...back)}.`] : []),
    ]);
    await tellScreens(ctx, 'schedule', scheduleId);
    ctx.audit.after = { state: 'accepted', overrideId: override.id, returnOverrideId: returned?.id };
    return { id };
  },
);

/** What is over stays as it was: a shift under way is taken over from now on. */
const fromNow = (ctx: Ctx, begins: Date) => (begins > ctx.now ? begins : ctx.now).toISOString();
