/** Ends a silence now. Whatever it kept quiet and still fires pages within moments. */
import { enqueue, notFound } from '#kernel';
import { command } from '#security';
import { liftSilences } from '../apply.ts';
import { type Silence, stateOf } from '../model.ts';
import { lockSilence, saveSilence } from '../store.ts';

export interface ExpireSilence {
  id: string;
  /** Only one of this sender, when given. */
  integrationId?: string | undefined;
}

export const expireSilence = command(
  'signals.expireSilence',
  { allow: 'responder', subject: (input: ExpireSilence) => input.id },
  async (ctx, input: ExpireSilence): Promise<Silence> => {
    const silence = await lockSilence(ctx, input.id);
    if (!silence || (input.integrationId && silence.integrationId !== input.integrationId))
      throw notFound('Silence', input.id);
    if (stateOf(silence, ctx.now) === 'expired') {
      ctx.audit.skip = true;
      return silence;
    }
    const after = {
      ...silence,
      startsAt: silence.startsAt > ctx.now ? ctx.now : silence.startsAt,
      endsAt: ctx.now,
      updatedAt: ctx.now,
    };
    await saveSilence(ctx, after);
    await enqueue(ctx, liftSilences, {}, { key: `signals.lift:${silence.id}` });
    ctx.audit.before = { endsAt: silence.endsAt };
    ctx.audit.after = { endsAt: after.endsAt };
    return after;
  },
);
