/** What a connector is told about an action. */
import type { Ctx } from '#kernel';
import { incidentFacts } from '../incident.ts';
import type { ActionCall } from './contract.ts';
import type { ActionRow } from './store.ts';

export async function callOf(ctx: Ctx, row: ActionRow): Promise<ActionCall> {
  const incident = await incidentFacts(ctx, row.incidentId);
  return {
    actionRunId: row.id,
    action: row.action,
    title: row.title,
    params: row.params,
    incident: {
      id: incident.id,
      key: incident.key,
      serviceIds: incident.services.map((one) => one.id),
    },
    key: row.idempotencyKey,
    fence: row.fence ?? 0,
    timeoutMs: row.timeoutSeconds * 1000,
  };
}
