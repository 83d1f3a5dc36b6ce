/** What a playbook's guardrails say about freezing, carried out when containment begins. */
import { dependenciesOf } from '#catalog';
import type { Ctx } from '#kernel';
import { holdFreeze } from '../commands/holdFreeze.ts';
import { scopeOf } from '../probes/observe.ts';

/** Ids of the services a freeze covers: the affected ones, and what they hard-depend on when asked. */
export async function coveredServices(
  ctx: Ctx,
  serviceIds: string[],
  scope: 'affected' | 'affected_and_upstream',
): Promise<string[]> {
  if (scope === 'affected') return serviceIds;
  const upstream = await Promise.all(serviceIds.map((id) => dependenciesOf(ctx, id, 'hard')));
  return [...new Set([...serviceIds, ...upstream.flat().map((service) => service.id)])];
}

/** Freezes what `guardrails.freeze` names, once per incident and service. Nothing to do when the playbook has no such block. */
export async function freezeForRun(ctx: Ctx, runId: string): Promise<void> {
  const { playbook, incident } = await scopeOf(ctx, runId);
  const rule = playbook.spec.guardrails.freeze;
  if (!rule || incident.services.length === 0) return;
  const serviceIds = await coveredServices(
    ctx,
    incident.services.map((one) => one.id),
    rule.scope,
  );
  await holdFreeze(ctx, {
    incidentId: incident.id,
    serviceIds,
    actionRunId: null,
    reason: `${incident.key}: ${playbook.metadata.title}`,
    blocks: rule.blocks,
    allowLabel: rule.allow_label,
  });
}
