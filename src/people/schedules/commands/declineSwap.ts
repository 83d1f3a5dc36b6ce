/** Declines a shift one was offered; nothing changes hands. */
import { command } from '#security';
import { tellScreens } from '../../saving.ts';
import { peopleById } from '../../checks.ts';
import { decideSwap, lockOpenSwap } from '../swapping.ts';
import { tell } from '../telling.ts';

/** Throws 404 for everybody else, 409 when it is decided or over. */
export const declineSwap = command(
  'people.declineSwap',
  { allow: 'responder', subject: (input: { id: string }) => input.id },
  async (ctx, { id }) => {
    const swap = await lockOpenSwap(ctx, id, 'toUserId');
    await decideSwap(ctx, id, 'declined');
    const users = await peopleById(ctx);
    await tell(ctx, users.get(swap.fromUserId), id, `${users.get(swap.toUserId)?.name} cannot take your shift`, [
      'The shift stays yours. Ask somebody else, or look for cover.',
    ]);
    await tellScreens(ctx, 'schedule', swap.scheduleId);
    ctx.audit.after = { state: 'declined' };
    return { id };
  },
);
