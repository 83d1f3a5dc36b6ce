/** Takes over the shift one was offered: it becomes an override with both names. */
import { conflict, zone } from '#kernel';
import { command } from '#security';
import { found, peopleById } from '../../checks.ts';
import { tellScreens } from '../../saving.ts';
import { decideSwap, lockOpenSwap, requireDuty } from '../swapping.ts';
import { loadSchedules } from '../store.ts';
import { tell } from '../telling.ts';
import { addOverride } from './addOverride.ts';

/** Throws 404 for everybody but the person who was asked, 409 when it is decided, over, or no longer the other's shift. */
export const acceptSwap = command(
  'people.acceptSwap',
  { allow: 'responder', subject: (input: { id: string }) => input.id },
  async (ctx, { id }) => {
    const swap = await lockOpenSwap(ctx, id, 'toUserId');
    const { scheduleId, fromUserId, toUserId, fromAt, toAt } = swap;
    const [loaded] = await loadSchedules(ctx.db, ctx.now, [scheduleId]);
    const schedule = found(loaded, 'Schedule', scheduleId);
    const users = await peopleById(ctx);
    const name = users.get(fromUserId)?.name ?? 'the other person';
    requireDuty(ctx, users, schedule, fromUserId, fromAt, toAt, () =>
      conflict(`${name} no longer has this shift`, 'people.swap', 'The schedule has changed since it was offered.'),
    );
    const override = await addOverride(ctx, {
      scheduleId,
      userId: toUserId,
      replacesUserId: fromUserId,
      // What is over stays as it was: a shift under way is taken over from now on.
      from: (fromAt > ctx.now ? fromAt : ctx.now).toISOString(),
      to: toAt.toISOString(),
      reason: swap.note || `Taken over from ${name}`,
    });
    await decideSwap(ctx, id, 'accepted', override.id);
    const taker = users.get(toUserId)?.name ?? 'Somebody';
    const when = `${zone.sayInstant(schedule.zone, fromAt)} to ${zone.sayInstant(schedule.zone, toAt)}`;
    await tell(ctx, users.get(fromUserId), id, `${taker} takes your shift`, [
      `${taker} takes over your shift in ${schedule.name}, ${when}.`,
    ]);
    await tellScreens(ctx, 'schedule', scheduleId);
    ctx.audit.after = { state: 'accepted', overrideId: override.id };
    return { id };
  },
);
