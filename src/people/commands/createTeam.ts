/** Makes a team. */
import { newId } from '#kernel';
import { command } from '#security';
import { peopleById, requirePeople } from '../checks.ts';
import { checkTeam, type TeamFields, tellScreens } from '../saving.ts';
import { saveMembers } from '../store.ts';

export const createTeam = command(
  'people.createTeam',
  { allow: 'manager', subject: (_i: TeamFields, r: { id: string }) => r.id },
  async (ctx, input) => {
    const fields = await checkTeam(ctx, input);
    requirePeople(
      await peopleById(ctx),
      input.members.map((member, i) => ({
        path: `members.${i}.userId`,
        id: member.userId,
      })),
    );
    const id = newId('tem');
    await ctx.db
      .insertInto('people.teams')
      .values({ id, ...fields, createdAt: ctx.now })
      .execute();
    await saveMembers(ctx.db, id, input.members);
    await tellScreens(ctx, 'team', id);
    ctx.audit.after = input;
    return { id };
  },
);
