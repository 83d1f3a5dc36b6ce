/** Passes by named guards for one action and target, with a reason and at most an hour (domain.md 4.8, force). */
import { appendTimeline } from '#incidents';
import { addMs, type Ctx, conflict, emit, invalid, notFound } from '#kernel';
import { command } from '#security';
import { FORCEABLE } from '../actions/admission/index.ts';
import { refOf } from '../actions/propose.ts';
import { lockAction } from '../actions/store.ts';
import { requireToken } from '../authority.ts';
import { overrideChanged } from '../events.ts';
import { insertOverride, type OverrideRow } from '../overrides/store.ts';

export interface ForceInput {
  actionRunId: string;
  guards: string[];
  reason: string;
  minutes: number;
}

/** Keys, locks, drills, credentials, authority and the class limit are never passed by. An irreversible action needs a second person. */
export const forceAction = command(
  'playbooks.forceAction',
  { allow: 'responder', subject: (_input: ForceInput, row: OverrideRow) => row.id },
  async (ctx: Ctx, { actionRunId, guards, reason, minutes }: ForceInput): Promise<OverrideRow> => {
    const row = await lockAction(ctx.db, actionRunId);
    if (!row) throw notFound('Action', actionRunId);
    ctx.exercise = row.exercise;
    ctx.audit.incident = row.incidentId;
    ctx.audit.reason = reason;
    await requireToken(ctx, row.incidentId, 'override_guardrail');
    const never = guards.filter((one) => !FORCEABLE.includes(one));
    if (never.length > 0)
      throw invalid(
        `This guard is never passed by: ${never.join(', ')}`,
        'playbooks.override.never',
        never.map((one) => ({ path: 'guards', message: one })),
      );
    if (row.state !== 'refused' && row.state !== 'awaiting_approval')
      throw conflict(
        `This action is ${row.state}`,
        'playbooks.override.state',
        'Only one that was refused or held is forced.',
      );
    const override = await insertOverride(ctx, {
      kind: 'force',
      incidentId: row.incidentId,
      runId: row.runId,
      actionRunId,
      guards,
      action: row.action,
      target: row.target,
      reason,
      secondNeeded: row.riskClass === 'irreversible',
      expiresAt: addMs(ctx.now, Math.min(60, minutes) * 60_000),
      exercise: row.exercise,
    });
    ctx.audit.after = { guards, minutes };
    await emit(
      ctx,
      overrideChanged,
      { overrideId: override.id, incidentId: row.incidentId, kind: 'force', active: !override.secondNeeded },
      { subject: override.id, incident: row.incidentId },
    );
    await appendTimeline(ctx, row.incidentId, {
      kind: 'decision',
      text: `Override by ${ctx.actor.name} for ${minutes} min: ${row.title} may pass by ${guards.map(shortly).join(', ')}. ${reason}`,
      refs: [refOf(row)],
    });
    return override;
  },
);

const shortly = (rule: string) => rule.slice(rule.lastIndexOf('.') + 1).replaceAll('_', ' ');
