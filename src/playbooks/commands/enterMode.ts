/** Enters a degraded mode: only with a whole integrity contract, one per flag, and for no longer than it says. */
import { addMs, conflict, type Ctx, emit, parseDuration } from '#kernel';
import { appendTimeline } from '#incidents';
import { command } from '#security';
import { modeSpec } from '../degraded/spec.ts';
import { insertMode, type ModeRow, modeNamed, saveMode } from '../degraded/store.ts';
import { degradedEntered } from '../events.ts';
import { incidentFacts } from '../incident.ts';
import { changeFlag } from './changeFlag.ts';

export interface ModeInput {
  incidentId: string;
  mode: string;
  actionRunId: string | null;
  key: string;
  fence?: number;
  reason: string;
}

export const enterMode = command(
  'playbooks.enterMode',
  { allow: 'internal', subject: (_input: ModeInput, row: ModeRow) => row.id },
  async (ctx: Ctx, input: ModeInput): Promise<ModeRow> => {
    const incident = await incidentFacts(ctx, input.incidentId);
    ctx.exercise = incident.exercise;
    ctx.audit.incident = incident.id;
    const known = await modeNamed(ctx.db, incident.id, input.mode);
    if (known?.state === 'on') return known;
    const found = await modeSpec(ctx, incident.id, input.mode);
    if (!found)
      throw conflict(
        `No playbook of ${incident.key} has a degraded mode "${input.mode}"`,
        'playbooks.degraded.unknown',
      );
    if ('wrong' in found)
      throw conflict(
        `Degraded mode "${input.mode}" cannot be entered`,
        'playbooks.degraded.contract',
        `${found.wrong}. Data comes before availability: complete the contract first.`,
      );
    const { spec, runId } = found;
    const expiresAt = addMs(ctx.now, parseDuration(spec.max_duration)!);
    const row =
      known && known.state !== 'off'
        ? await saveMode(ctx, known.id, { state: 'on', exitingSince: null, detail: '', expiresAt })
        : await insertMode(ctx, {
            incidentId: incident.id,
            runId,
            name: spec.id,
            flag: spec.flag,
            enterVariant: spec.enter.set,
            exitVariant: spec.exit.set,
            contract: spec.data_integrity,
            customerEffect: spec.customer_effect,
            expiresAt,
            exercise: incident.exercise,
          });
    if (!row)
      throw conflict(`The flag ${spec.flag} is in a degraded mode of another incident`, 'playbooks.degraded.taken');
    if (!incident.exercise) await serve(ctx, input, spec.flag, spec.enter.set);
    ctx.audit.after = { mode: row.name, state: row.state, contract: row.contract };
    const writes = spec.data_integrity.writes;
    await appendTimeline(ctx, incident.id, {
      kind: 'action',
      text: `Degraded mode "${row.name}" is on: writes are ${writes}, order ${spec.data_integrity.ordering.replaceAll('_', ' ')}. ${spec.customer_effect}`,
    });
    await emit(
      ctx,
      degradedEntered,
      { modeId: row.id, incidentId: incident.id, name: row.name },
      { subject: row.id, incident: incident.id },
    );
    return row;
  },
);

/** The mode reaches the application as a flag. */
export const serve = (ctx: Ctx, input: ModeInput, key: string, variant: string): Promise<unknown> =>
  changeFlag(ctx, {
    key,
    variant,
    reason: input.reason,
    incidentId: input.incidentId,
    actionRunId: input.actionRunId,
    idempotencyKey: input.key,
    ...(input.fence !== undefined && { fence: input.fence }),
  });
