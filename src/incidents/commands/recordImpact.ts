/** Notes how far it reaches at a moment: customers, or a share of requests (M8b). */
import { emit, invalid } from '#kernel';
import { command } from '#security';
import { insertSample } from '../decisions/store.ts';
import { impactSampled } from '../events.ts';
import { checkOccurredAt } from '../lifecycle/times.ts';
import { storable } from '../record/model.ts';
import { refuseSecrets, write } from '../record/write.ts';
import { affectedOf, lockIncident, problemOf } from '../store.ts';
import type { ImpactRow } from '../tables.ts';

export interface RecordImpactInput {
  incidentId: string;
  at?: Date | undefined;
  customers?: number | undefined;
  /** 0 to 100. */
  pctRequests?: number | undefined;
  /** How it was counted. */
  method?: string | undefined;
}

export const recordImpact = command(
  'incidents.recordImpact',
  { allow: 'responder' },
  async (ctx, input: RecordImpactInput): Promise<ImpactRow> => {
    const incident = await lockIncident(ctx, input.incidentId);
    refuseSecrets(ctx, { method: input.method });
    if (input.customers === undefined && input.pctRequests === undefined) {
      throw invalid('Say how many customers or which share of requests', 'incidents.impact.empty', [
        { path: 'customers', message: 'or pctRequests is required' },
      ]);
    }
    const at = input.at ?? ctx.now;
    const wrong = checkOccurredAt(at, ctx.now);
    if (wrong) throw problemOf(wrong);
    const services = (await affectedOf(ctx, incident.id))
      .filter((service) => service.effect !== 'none')
      .map((service) => service.serviceId);
    const row = await insertSample(ctx, incident, {
      at,
      customers: input.customers ?? null,
      pctRequests: input.pctRequests ?? null,
      services,
      method: storable(input.method ?? ''),
    });
    const parts = [
      input.customers === undefined ? '' : `${input.customers.toLocaleString('en')} customers`,
      input.pctRequests === undefined ? '' : `${input.pctRequests} % of requests`,
    ].filter(Boolean);
    await write(ctx, incident, {
      kind: 'impact',
      text: `Impact: ${parts.join(', ')}${input.method ? ` (${input.method})` : ''}`,
      occurredAt: at,
    });
    await emit(
      ctx,
      impactSampled,
      { incidentId: incident.id, key: incident.key },
      { subject: incident.id, incident: incident.id },
    );
    return row;
  },
);
