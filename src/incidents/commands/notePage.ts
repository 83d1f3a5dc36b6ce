/** What happened to a page about this incident, or about an alert linked to it. */
import type { Ctx } from '#kernel';
import { command, personRefs } from '#security';
import { acknowledgeIncident, activeIncidentOfGroup } from '../links.ts';
import { wasWritten } from '../record/queries.ts';
import { write } from '../record/write.ts';
import { lockIncident } from '../store.ts';

export interface NotePageInput {
  pageId: string;
  subject: { kind: string; id: string };
  what: 'acknowledged' | 'escalated' | 'unanswered';
  /** Acknowledged: by whom, when, where. */
  userId?: string;
  at?: Date;
  via?: string;
  /** Escalated: what people says about this turn. */
  text?: string;
  /** Makes one event of a page distinct from its others, so that a second run writes nothing. */
  turn: string;
}

export const notePage = command(
  'incidents.notePage',
  { allow: 'internal', subject: (input: NotePageInput) => input.pageId },
  async (ctx, input: NotePageInput): Promise<void> => {
    const incidentId = await incidentOf(ctx, input.subject);
    if (!incidentId) return;
    const incident = await lockIncident(ctx, incidentId);
    ctx.audit.subject = input.pageId;
    if (input.what === 'acknowledged' && input.userId && !incident.acknowledgedAt) {
      await acknowledgeIncident(ctx, incident, input.userId, input.at ?? ctx.now, input.via ?? 'page');
      return;
    }
    const ref = { kind: 'page', id: input.pageId, label: `${input.what} ${input.turn}` };
    if (input.userId === incident.acknowledgedBy && input.what === 'acknowledged') return;
    if (await wasWritten(ctx, incident.id, ref)) return;
    const person = input.userId ? (await personRefs(ctx, [input.userId])).get(input.userId) : undefined;
    await write(ctx, incident, {
      kind: 'page',
      text: sentence(input, person?.name ?? 'Somebody'),
      refs: [ref],
      ...(person && { actor: { kind: 'user' as const, ...person } }),
    });
  },
);

async function incidentOf(ctx: Ctx, subject: { kind: string; id: string }): Promise<string | undefined> {
  if (subject.kind === 'incident') return subject.id;
  if (subject.kind === 'incident_role') {
    const row = await ctx.db
      .selectFrom('incidents.roleAssignments')
      .select('incidentId')
      .where('id', '=', subject.id)
      .executeTakeFirst();
    return row?.incidentId;
  }
  return subject.kind === 'alert_group' ? (await activeIncidentOfGroup(ctx, subject.id))?.id : undefined;
}

function sentence(input: NotePageInput, name: string): string {
  if (input.what === 'acknowledged') return `${name} has acknowledged, too (${input.via ?? 'page'})`;
  if (input.what === 'unanswered') return 'Nobody has answered the page: everybody on the plan was called';
  return input.text ? `Page escalated: ${input.text}` : 'Page escalated to the next step';
}
