/** A step of reconciling is done, or somebody owns what remains: the two ways a drained mode gets off. */
import { conflict, type Ctx, notFound } from '#kernel';
import { appendTimeline } from '#incidents';
import { command } from '#security';
import { requireToken } from '../authority.ts';
import { lockMode, type ModeRow, saveMode } from '../degraded/store.ts';
import { wakeModes } from '../degraded/timer.ts';

export interface ReconcileModeInput {
  modeId: string;
  /** One of the contract's reconcile steps; absent: an exception that lists what remains. */
  step?: string | undefined;
  note: string;
}

export const reconcileMode = command(
  'playbooks.reconcileMode',
  { allow: 'responder', subject: ({ modeId }: ReconcileModeInput) => modeId },
  async (ctx: Ctx, { modeId, step, note }: ReconcileModeInput): Promise<ModeRow> => {
    const row = await lockMode(ctx.db, modeId);
    if (!row) throw notFound('Degraded mode', modeId);
    ctx.exercise = row.exercise;
    ctx.audit.incident = row.incidentId;
    ctx.audit.reason = note;
    if (row.state === 'off' || row.state === 'on')
      throw conflict(
        `The mode is ${row.state}`,
        'playbooks.degraded.state',
        row.state === 'on' ? 'Leave it first.' : undefined,
      );
    if (step !== undefined && !row.contract.reconcile.includes(step)) throw notFound('Reconcile step', step);
    // Owning what remains is as grave as the data: an exception needs the commander.
    await requireToken(ctx, row.incidentId, step === undefined ? 'override_guardrail' : 'approve_reversible');
    const change =
      step === undefined
        ? { exception: note, exceptionBy: ctx.actor.name }
        : { reconciled: { ...row.reconciled, [step]: { by: ctx.actor.name, at: ctx.now.toISOString(), note } } };
    const next = await saveMode(ctx, modeId, change);
    const text =
      step === undefined
        ? `${ctx.actor.name} owns what remains of "${row.name}": ${note}`
        : `Reconciled "${step.replaceAll('_', ' ')}" of "${row.name}": ${note}`;
    await appendTimeline(ctx, row.incidentId, { kind: 'action', text });
    await wakeModes(ctx, modeId);
    return next;
  },
);
