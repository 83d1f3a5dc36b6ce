/** Supports, refutes or confirms a hypothesis by evidence; its history stays (M24c). */
import { emit, notFound } from '#kernel';
import { command } from '#security';
import { changeHypothesis, type HypothesisState } from '../decisions/model.ts';
import { lockHypothesis, saveHypothesis } from '../decisions/store.ts';
import { hypothesisChanged } from '../events.ts';
import { knownId } from '../links.ts';
import { storable } from '../record/model.ts';
import { refuseSecrets, write } from '../record/write.ts';
import { problemOf, readIncident } from '../store.ts';
import type { HypothesisRow } from '../tables.ts';

export interface SetHypothesisInput {
  hypothesisId: string;
  state: HypothesisState;
  evidence?: string | undefined;
}

export const setHypothesis = command(
  'incidents.setHypothesis',
  { allow: 'responder' },
  async (ctx, input: SetHypothesisInput): Promise<HypothesisRow> => {
    const before = await lockHypothesis(ctx, knownId('hyp', 'Hypothesis', input.hypothesisId));
    if (!before) throw notFound('Hypothesis', input.hypothesisId);
    const incident = await readIncident(ctx, before.incidentId);
    ctx.exercise = incident.exercise;
    ctx.audit.incident = incident.id;
    refuseSecrets(ctx, { evidence: input.evidence });
    const verdict = changeHypothesis(before.state, input.state, input.evidence);
    if (!verdict.ok) throw problemOf(verdict.refusal);
    if (!verdict.changed) return before;
    const found = input.evidence
      ? [{ at: ctx.now.toISOString(), by: ctx.actor.name, text: storable(input.evidence), state: input.state }]
      : [];
    const row = await saveHypothesis(ctx, before.id, input.state, [...before.evidence, ...found]);
    const why = input.evidence ? `: ${input.evidence}` : '';
    await write(ctx, incident, {
      kind: 'hypothesis',
      text: `Hypothesis ${input.state}: “${before.text}”${why}`,
      refs: [{ kind: 'hypothesis', id: row.id }],
    });
    const payload = { incidentId: incident.id, key: incident.key, hypothesisId: row.id, state: row.state };
    await emit(ctx, hypothesisChanged, payload, { subject: incident.id, incident: incident.id });
    ctx.audit.before = { state: before.state };
    ctx.audit.after = { state: row.state };
    return row;
  },
);
