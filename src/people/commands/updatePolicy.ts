/** Changes an escalation policy. Pages that are running keep the version they started with. */
import { json } from '#kernel';
import { command } from '#security';
import { found, requireVersion } from '../checks.ts';
import { checkPolicy, type PolicyFields, tellScreens } from '../saving.ts';

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
    const { name, teamId, steps, repeat } = await checkPolicy(ctx, rest, id);
    await ctx.db
      .updateTable('people.policies')
      .set({
        name,
        teamId,
        steps: json(steps),
        repeatCount: repeat,
        version: row.version + 1,
      })
      .where('id', '=', id)
      .execute();
    await tellScreens(ctx, 'policy', id);
    ctx.audit.before = {
      name: row.name,
      teamId: row.teamId,
      steps: row.steps,
      repeat: row.repeatCount,
    };
    ctx.audit.after = { name, teamId, steps, repeat };
    return { id };
  },
);
