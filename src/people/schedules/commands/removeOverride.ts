/** Takes an override back; the rotation holds again. */
import { command } from '#security';
import { found } from '../../checks.ts';
import { tellScreens } from '../../saving.ts';
import { keepDuty } from '../duty.ts';

export const removeOverride = command(
  'people.removeOverride',
  {
    allow: 'responder',
    subject: (input: { scheduleId: string; overrideId: string }) => input.scheduleId,
  },
  async (ctx, { scheduleId, overrideId }) => {
    await keepDuty(ctx, [scheduleId]);
    const row = await ctx.db
      .deleteFrom('people.overrides')
      .where('id', '=', overrideId)
      .where('scheduleId', '=', scheduleId)
      .returningAll()
      .executeTakeFirst();
    ctx.audit.before = found(row, 'Override', overrideId);
    await tellScreens(ctx, 'schedule', scheduleId);
    return {};
  },
);
