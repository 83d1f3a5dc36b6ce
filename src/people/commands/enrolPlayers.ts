/** Writes down who plays in an exercise, for as long as it may last; only they are called by its pages. */
import { command } from '#security';

export interface EnrolPlayers {
  /** The exercise. */
  ref: string;
  userIds: string[];
  /** The end of the agreed window. */
  until: Date;
}

export const enrolPlayers = command(
  'people.enrolPlayers',
  { allow: 'internal', subject: (input: EnrolPlayers) => input.ref },
  async (ctx, { ref, userIds, until }) => {
    const rows = [...new Set(userIds)].map((userId) => ({ ref, userId, until }));
    if (rows.length === 0) return;
    await ctx.db
      .insertInto('people.enrolments')
      .values(rows)
      .onConflict((on) => on.columns(['ref', 'userId']).doUpdateSet({ until }))
      .execute();
    ctx.audit.after = { players: rows.length, until };
  },
);
