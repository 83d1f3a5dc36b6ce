/** What is being paged about became part of an incident (or left it): steps that call a role mean the roles of that one. */
import { command } from '#security';

export interface TiePages {
  subject: { kind: string; id: string };
  incidentId: string | null;
}

export const tiePages = command(
  'people.tiePages',
  { allow: 'internal', subject: (input: TiePages) => input.subject.id },
  async (ctx, { subject, incidentId }: TiePages) => {
    // The link itself is in the log already.
    ctx.audit.skip = true;
    await ctx.db
      .updateTable('people.pages')
      .set({ roleIncidentId: incidentId })
      .where('subjectKind', '=', subject.kind)
      .where('subjectId', '=', subject.id)
      .where('state', '<>', 'stopped')
      .execute();
    return {};
  },
);
