/** Where an incident probably comes from: the case its alerts stand in, why, and the change that fits best. */
import type { Ctx } from '#kernel';
import { casesOf, listGroups } from '#signals';
import { readIncident } from './store.ts';
import { suspectsOf } from './suspects.ts';

/** From here a change is worth a place in the headline; below it stands in the list of suspects. */
const TELLING = 40;

/** Null while its alerts have no common upstream. 404 for an incident that the caller may not see. */
export async function originOf(ctx: Ctx, id: string) {
  const incident = await readIncident(ctx, id);
  const { items } = await listGroups(ctx, { incidentId: incident.id, limit: 200, sort: 'firstAt' });
  const cases = await casesOf(
    ctx,
    items.flatMap(({ correlationId }) => correlationId ?? []),
  );
  const found = [...cases.values()]
    .filter(({ state }) => state !== 'undone')
    .toSorted((a, b) => Number(b.state === 'open') - Number(a.state === 'open') || b.alerts - a.alerts)[0];
  if (!found) return { origin: null };
  const [suspect] = (await suspectsOf(ctx, id)).items;
  return {
    origin: {
      node: { id: found.originId, name: found.originName, slug: found.originSlug },
      silent: found.silent,
      /** False: it was thought so; the case is over. */
      open: found.state === 'open',
      reasons: found.reasons,
      services: found.services,
      alerts: found.alerts,
      leadGroupId: found.leadGroupId,
      suspect: suspect && suspect.score >= TELLING ? suspect : null,
    },
  };
}
