/** Makes an escalation policy. */
import { json, newId } from '#kernel';
import { command } from '#security';
import { checkPolicy, type PolicyFields } from '../policies.ts';
import { tellScreens } from '../saving.ts';

/** Delays under 30 s become 30 s. Throws 422 for targets that do not exist. */
export const createPolicy = command(
  'people.createPolicy',
  { allow: 'manager', subject: (_i: PolicyFields, r: { id: string }) => r.id },
  async (ctx, input) => {
    const { name, teamId, steps, repeat, ackTimeoutMinutes = null } = await checkPolicy(ctx, input);
    const id = newId('pol');
    await ctx.db
      .insertInto('people.policies')
      .values({
        id,
        name,
        teamId,
        steps: json(steps),
        repeatCount: repeat,
        ackTimeoutMinutes,
        createdAt: ctx.now,
      })
      .execute();
    await tellScreens(ctx, 'policy', id);
    ctx.audit.after = { name, teamId, steps, repeat, ackTimeoutMinutes };
    return { id };
  },
);
