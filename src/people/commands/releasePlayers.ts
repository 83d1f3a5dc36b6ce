/** Lets the players of an exercise go: from here on its pages call nobody. */
import { command } from '#security';

export const releasePlayers = command(
  'people.releasePlayers',
  { allow: 'internal', subject: (input: { ref: string }) => input.ref },
  async (ctx, { ref }) => {
    await ctx.db.deleteFrom('people.enrolments').where('ref', '=', ref).execute();
  },
);
