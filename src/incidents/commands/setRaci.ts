/** Saves the RACI matrix as a whole; earlier versions stay. */
import { invalid, json, Problem } from '#kernel';
import { allRoles } from '#people';
import { command } from '#security';
import { currentMatrix } from '../roles/matrix.ts';
import { type Activity, problemsOf } from '../roles/raci.ts';
import { hold } from '../store.ts';

export interface SetRaciInput {
  activities: Activity[];
  /** The version that was edited. */
  version: number;
}

/** Throws 412 when somebody else saved first, 422 naming each row without exactly one A and at least one R. */
export const setRaci = command(
  'incidents.setRaci',
  { allow: 'manager', subject: () => 'raci' },
  async (ctx, input: SetRaciInput): Promise<{ version: number }> => {
    await hold(ctx, 'incidents.raci');
    const before = await currentMatrix(ctx);
    if (before.version !== input.version)
      throw new Problem(412, 'Somebody else changed this matrix while you edited it', {
        rule: 'incidents.version',
        detail: `You edited version ${input.version}; it is at version ${before.version} now.`,
      });
    const known = new Set((await allRoles(ctx)).map(({ key }) => key));
    const wrong = problemsOf(input.activities, known);
    if (wrong.length > 0) throw invalid('Each activity needs one A and an R', 'incidents.raci', wrong);
    const version = before.version + 1;
    await ctx.db
      .insertInto('incidents.raciVersions')
      .values({
        version,
        activities: json(input.activities),
        savedBy: ctx.actor.id,
        savedByName: ctx.actor.name,
        savedAt: ctx.now,
      })
      .execute();
    ctx.audit.before = { version: before.version };
    ctx.audit.after = { version, activities: input.activities.length };
    return { version };
  },
);
