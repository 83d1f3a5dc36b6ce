/** Who has a role in an incident has changed: the module above says it, so that escalation steps can call the role. */
import { command } from '#security';

export interface NoteHolders {
  incidentId: string;
  /** Nothing: every role of this incident. */
  roleKey?: string | undefined;
  /** Nothing: everybody who has it. */
  userId?: string | undefined;
  holds: boolean;
}

export const noteHolders = command(
  'people.noteHolders',
  { allow: 'internal', subject: (input: NoteHolders) => input.incidentId },
  async (ctx, { incidentId, roleKey, userId, holds }: NoteHolders) => {
    // The incident's own record says who had which role, and when.
    ctx.audit.skip = true;
    if (!holds) {
      let query = ctx.db.deleteFrom('people.roleHolders').where('incidentId', '=', incidentId);
      if (roleKey) query = query.where('roleKey', '=', roleKey);
      if (userId) query = query.where('userId', '=', userId);
      await query.execute();
    } else if (roleKey && userId)
      await ctx.db
        .insertInto('people.roleHolders')
        .values({ incidentId, roleKey, userId, since: ctx.now })
        .onConflict((on) => on.doNothing())
        .execute();
    return {};
  },
);
