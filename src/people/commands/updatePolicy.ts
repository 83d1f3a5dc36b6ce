/** Changes an escalation policy. Pages that are running keep the version they started with. */
import { canonicalJson, json } from '#kernel';
import { command } from '#security';
import { found, requireVersion } from '../checks.ts';
import { checkPolicy, type PolicyFields } from '../policies.ts';
import { tellScreens } from '../saving.ts';

export type UpdatePolicy = PolicyFields & {
  id: string;
  version: number | undefined;
};

/** Throws 404, 412 when somebody else changed it first, 428 without a version, and what `createPolicy` throws. */
export const updatePolicy = command(
  'people.updatePolicy',
  { allow: 'manager', subject: (input: UpdatePolicy) => input.id },
  async (ctx, input) => {
    const { id, version, ...rest } = input;
    const row = found(
      await ctx.db.selectFrom('people.policies').selectAll().where('id', '=', id).forUpdate().executeTakeFirst(),
      'Policy',
      id,
    );
    requireVersion('policy', row.version, version);
    const { name, teamId, steps, repeat, ackTimeoutMinutes = null } = await checkPolicy(ctx, rest, id);
    const before = {
      name: row.name,
      teamId: row.teamId,
      steps: row.steps,
      repeat: row.repeatCount,
      ackTimeoutMinutes: row.ackTimeoutMinutes,
    };
    const after = { name, teamId, steps, repeat, ackTimeoutMinutes };
    // Saved as it was: no new version, so that tools which apply a file again and again see no difference.
    if (canonicalJson(before) === canonicalJson(after)) return { id };
    await ctx.db
      .updateTable('people.policies')
      .set({
        name,
        teamId,
        steps: json(steps),
        repeatCount: repeat,
        ackTimeoutMinutes,
        version: row.version + 1,
      })
      .where('id', '=', id)
      .execute();
    await tellScreens(ctx, 'policy', id);
    ctx.audit.before = before;
    ctx.audit.after = after;
    return { id };
  },
);
