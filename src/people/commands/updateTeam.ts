/** Changes a team and its members. */
import { command } from '#security';
import { found, peopleById, requirePeople, requireVersion } from '../checks.ts';
import { checkTeam, type TeamFields, tellScreens } from '../saving.ts';
import { saveMembers } from '../store.ts';

export type UpdateTeam = TeamFields & {
  id: string;
  version: number | undefined;
};

/** Throws 404, 412 when somebody else changed it first, 428 without a version. The same values again change nothing. */
export const updateTeam = command(
  'people.updateTeam',
  { allow: 'manager', subject: (input: UpdateTeam) => input.id },
  async (ctx, input) => {
    const { id, version, ...fields } = input;
    const row = found(
      await ctx.db.selectFrom('people.teams').selectAll().where('id', '=', id).forUpdate().executeTakeFirst(),
      'Team',
      id,
    );
    requireVersion('team', row.version, version);
    const saved = await checkTeam(ctx, fields, id);
    const before = await ctx.db
      .selectFrom('people.teamMembers')
      .select(['userId', 'role', 'functions'])
      .where('teamId', '=', id)
      .execute();
    const kept = new Set(before.map((member) => member.userId));
    const users = await peopleById(ctx);
    requirePeople(
      users,
      fields.members
        .map((member, i) => ({
          path: `members.${i}.userId`,
          id: member.userId,
        }))
        .filter(({ id: user }) => !kept.has(user)),
    );
    await ctx.db
      .updateTable('people.teams')
      .set({ ...saved, version: row.version + 1 })
      .where('id', '=', id)
      .execute();
    await saveMembers(ctx.db, id, fields.members);
    await tellScreens(ctx, 'team', id);
    ctx.audit.before = {
      name: row.name,
      description: row.description,
      response: row.response,
      authority: row.authority,
      members: before,
    };
    ctx.audit.after = fields;
    return { id };
  },
);
