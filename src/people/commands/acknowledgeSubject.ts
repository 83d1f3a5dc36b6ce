/** Gives every open page about something to the person who has taken that thing elsewhere (an alert group, an incident). */
import { command, userById } from '#security';
import { givePage } from '../paging.ts';

export interface AcknowledgeSubject {
  subject: { kind: string; id: string };
  userId: string;
  /** Where it was taken: `console`, `API`, `incident` … */
  via: string;
}

/** Returns how many pages were given. Safe to repeat. */
export const acknowledgeSubject = command(
  'people.acknowledgeSubject',
  {
    allow: 'internal',
    subject: (input: AcknowledgeSubject) => input.subject.id,
  },
  async (ctx, input) => {
    const person = await userById(ctx, input.userId);
    if (!person) return { acknowledged: 0 };
    const open = await ctx.db
      .selectFrom('people.pages')
      .select('id')
      .where('subjectKind', '=', input.subject.kind)
      .where('subjectId', '=', input.subject.id)
      .where('state', 'in', ['paging', 'unanswered'])
      .orderBy('id')
      .execute();
    let acknowledged = 0;
    for (const { id } of open) if (await givePage(ctx, id, person, input.via)) acknowledged += 1;
    return { acknowledged };
  },
);
