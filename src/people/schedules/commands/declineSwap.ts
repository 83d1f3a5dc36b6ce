/** Declines a shift one was offered; nothing changes hands. */
import { json, personOf } from '#kernel';
import { command } from '#security';
import { tellScreens } from '../../saving.ts';
import { peopleById } from '../../checks.ts';
import { decideSwap, lockAskedSwap } from '../swapping.ts';
import { tell } from '../telling.ts';

/** Of several who were asked, the last one to decline decides it. Throws 404 for everybody else, 409 when it is decided or over. */
export const declineSwap = command(
  'people.declineSwap',
  { allow: 'responder', subject: (input: { id: string }) => input.id },
  async (ctx, { id }) => {
    const swap = await lockAskedSwap(ctx, id);
    const me = personOf(ctx.actor) ?? '';
    const others = swap.asked.filter((userId) => userId !== me);
    if (others.length > 0)
      await ctx.db
        .updateTable('people.swaps')
        .set({ asked: json(others) })
        .where('id', '=', id)
        .execute();
    else {
      await decideSwap(ctx, id, 'declined');
      const users = await peopleById(ctx);
      const who = swap.toUserId ? `${users.get(me)?.name}` : 'Nobody of those asked';
      await tell(ctx, users.get(swap.fromUserId), id, `${who} ${swap.toUserId ? 'cannot' : 'can'} take your shift`, [
        'The shift stays yours. Ask somebody else, or look for cover.',
      ]);
    }
    await tellScreens(ctx, 'schedule', swap.scheduleId);
    ctx.audit.after = { state: others.length > 0 ? 'offered' : 'declined', declinedBy: me };
    return { id };
  },
);
