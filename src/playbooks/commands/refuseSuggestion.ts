/** Says that a suggestion is wrong here; of late refusals make it less likely to be offered again. */
import { conflict, type Ctx } from '#kernel';
import { command } from '#security';
import { aboutOf, type Subject } from '../triage/facts.ts';
import type { Kind } from '../triage/model.ts';
import { decide } from '../triage/store.ts';
import { shownOrRefuse } from '../triage/shown.ts';

export interface RefuseSuggestion {
  subject: Subject;
  kind: Kind;
  value: string;
  reason?: string | undefined;
}

export const refuseSuggestion = command(
  'playbooks.refuseSuggestion',
  {
    allow: 'responder',
    subject: ({ subject }: RefuseSuggestion) => subject.groupId ?? subject.incidentId,
  },
  async (ctx: Ctx, input: RefuseSuggestion): Promise<void> => {
    const about = await aboutOf(ctx, input.subject);
    ctx.exercise = about.exercise;
    ctx.audit.incident = about.incidentId ?? undefined;
    const row = await shownOrRefuse(ctx, about.subject, input.kind, input.value);
    if (row.state === 'accepted')
      throw conflict(`“${row.label}” was taken already`, 'playbooks.suggestion.decided', 'What was done stays done.');
    if (row.state === 'refused') {
      ctx.audit.skip = true;
      return;
    }
    await decide(ctx, row.id, { state: 'refused', via: 'click', said: input.reason });
    ctx.audit.after = { kind: row.kind, label: row.label, refused: true };
    ctx.audit.reason = input.reason;
  },
);
