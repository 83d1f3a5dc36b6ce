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
  /** Services it was counted for; absent: all that are affected. */
  serviceIds?: string[] | undefined;
  /** Where, when it is not everywhere. */
  region?: string | undefined;
  /** How it was counted. */
  method?: string | undefined;
}

export const recordImpact = command(
  'incidents.recordImpact',
  { allow: 'responder' },
  async (ctx, input: RecordImpactInput): Promise<ImpactRow> => {
    const incident = await lockIncident(ctx, input.incidentId);
    refuseSecrets(ctx, { method: input.method, region: input.region });
    if (input.customers === undefined && input.pctRequests === undefined) {
      throw invalid('Say how many customers or which share of requests', 'incidents.impact.empty', [
        { path: 'customers', message: 'or pctRequests is required' },
      ]);
    }
    const at = input.at ?? ctx.now;
    const wrong = checkOccurredAt(at, ctx.now);
    if (wrong) throw problemOf(wrong);
    const affected = await affectedOf(ctx, incident.id);
    const foreign = input.serviceIds?.find((id) => !affected.some(({ serviceId }) => serviceId === id));
    if (foreign !== undefined) {
      throw invalid(`${incident.key} does not affect that service: name it first`, 'incidents.services.unknown', [
        { path: 'serviceIds', message: 'not affected' },
      ]);
    }
    const counted = affected.filter(
      ({ serviceId, effect }) => input.serviceIds?.includes(serviceId) ?? effect !== 'none',
    );
    const services = counted.map(({ serviceId }) => serviceId);
    const row = await insertSample(ctx, incident, {
      at,
      customers: input.customers ?? null,
      pctRequests: input.pctRequests ?? null,
      services,
      method: storable(input.method ?? ''),
      region: storable(input.region ?? ''),
    });
    const parts = [
      input.customers === undefined ? '' : `${input.customers.toLocaleString('en')} customers`,
      input.pctRequests === undefined ? '' : `${input.pctRequests} % of requests`,
    ].filter(Boolean);
    await write(ctx, incident, {
      kind: 'impact',
      text: `Impact: ${parts.join(', ')}${input.serviceIds ? ` of ${counted.map(({ name }) => name).join(', ')}` : ''}${input.region ? ` in ${input.region}` : ''}${input.method ? ` (${input.method})` : ''}`,
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
