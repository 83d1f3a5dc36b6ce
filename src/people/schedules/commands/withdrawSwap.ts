/** Takes back an offer nobody has answered. */
import { command } from '#security';
import { tellScreens } from '../../saving.ts';
import { peopleById } from '../../checks.ts';
import { decideSwap, lockOwnSwap } from '../swapping.ts';
import { tell } from '../telling.ts';

/** Throws 404 for everybody else, 409 when it is decided or over. */
export const withdrawSwap = command(
  'people.withdrawSwap',
  { allow: 'responder', subject: (input: { id: string }) => input.id },
  async (ctx, { id }) => {
    const swap = await lockOwnSwap(ctx, id);
    await decideSwap(ctx, id, 'withdrawn');
    const users = await peopleById(ctx);
    for (const userId of swap.asked)
      await tell(ctx, users.get(userId), id, `${users.get(swap.fromUserId)?.name} keeps the shift`, [
        'The offer was taken back; you need not do anything.',
      ]);
    await tellScreens(ctx, 'schedule', swap.scheduleId);
    ctx.audit.after = { state: 'withdrawn' };
    return { id };
  },
);
