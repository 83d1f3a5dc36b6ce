/** Records a decision as it was taken: the question, what else was possible, why, and on what was known. */
import { emit, newId } from '#kernel';
import { command } from '#security';
import { insertDecision } from '../decisions/store.ts';
import { decisionRecorded } from '../events.ts';
import { checkOccurredAt } from '../lifecycle/times.ts';
import { storable } from '../record/model.ts';
import { refuseSecrets, write } from '../record/write.ts';
import { lockIncident, problemOf } from '../store.ts';
import type { DecisionRow } from '../tables.ts';
import { requestApproval } from './requestApproval.ts';

export interface RecordDecisionInput {
  incidentId: string;
  question: string;
  options?: string[] | undefined;
  choice: string;
  rationale?: string | undefined;
  /** What was known, frozen with the decision. */
  inputs?: Record<string, unknown> | undefined;
  occurredAt?: Date | undefined;
  /** Put it to a second person with a commander's authority. */
  needsApproval?: boolean | undefined;
}

export const recordDecision = command(
  'incidents.recordDecision',
  { allow: 'responder' },
  async (ctx, input: RecordDecisionInput): Promise<DecisionRow> => {
    const incident = await lockIncident(ctx, input.incidentId);
    refuseSecrets(ctx, {
      question: input.question,
      choice: input.choice,
      rationale: input.rationale,
      options: input.options?.join('\n'),
    });
    const occurredAt = input.occurredAt ?? ctx.now;
    const wrong = checkOccurredAt(occurredAt, ctx.now);
    if (wrong) throw problemOf(wrong);
    const id = newId('dec');
    const approval = input.needsApproval
      ? await requestApproval(ctx, {
          incidentId: incident.id,
          subject: { kind: 'decision', id },
          title: `${input.question} ${input.choice}`,
          authority: 'approve_compensable',
          note: input.rationale,
        })
      : null;
    const row = await insertDecision(ctx, incident, {
      id,
      question: storable(input.question),
      options: (input.options ?? []).map(storable),
      choice: storable(input.choice),
      rationale: storable(input.rationale ?? ''),
      inputs: input.inputs ?? {},
      occurredAt,
      approvalId: approval?.approvalId ?? null,
    });
    const why = row.rationale ? `, because ${row.rationale}` : '';
    await write(ctx, incident, {
      kind: 'decision',
      text: `Decided: ${row.question} → ${row.choice}${why}`,
      occurredAt,
      refs: [{ kind: 'decision', id: row.id }],
    });
    await emit(
      ctx,
      decisionRecorded,
      { incidentId: incident.id, key: incident.key, decisionId: row.id },
      { subject: incident.id, incident: incident.id },
    );
    ctx.audit.after = { decisionId: row.id };
    return row;
  },
);
