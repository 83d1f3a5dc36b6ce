/** Writes down what might be behind it, so that it can be tested in the open. */
import { emit } from '#kernel';
import { command } from '#security';
import { insertHypothesis } from '../decisions/store.ts';
import { hypothesisChanged } from '../events.ts';
import { storable } from '../record/model.ts';
import { refuseSecrets, write } from '../record/write.ts';
import { lockIncident } from '../store.ts';
import type { HypothesisRow } from '../tables.ts';

export interface AddHypothesisInput {
  incidentId: string;
  text: string;
}

export const addHypothesis = command(
  'incidents.addHypothesis',
  { allow: 'responder' },
  async (ctx, input: AddHypothesisInput): Promise<HypothesisRow> => {
    const incident = await lockIncident(ctx, input.incidentId);
    refuseSecrets(ctx, { text: input.text });
    const row = await insertHypothesis(ctx, incident, storable(input.text));
    await write(ctx, incident, {
      kind: 'hypothesis',
      text: `Hypothesis: ${row.text}`,
      refs: [{ kind: 'hypothesis', id: row.id }],
    });
    const payload = { incidentId: incident.id, key: incident.key, hypothesisId: row.id, state: row.state };
    await emit(ctx, hypothesisChanged, payload, { subject: incident.id, incident: incident.id });
    ctx.audit.after = { hypothesisId: row.id };
    return row;
  },
);
