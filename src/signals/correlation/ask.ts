/** Asks people about a group that nobody was asked about so far, because the reason for that is gone. */
import { type Ctx, emit } from '#kernel';
import { factsOf } from '../announce.ts';
import { groupReopened } from '../events.ts';
import type { Group } from '../model.ts';
import { pageFor } from '../paging.ts';
import { silenceOver } from '../silences/apply.ts';

/** Returns the group as it is to be written. A silence over all of it still counts, and whoever has it keeps it. */
export async function ask(ctx: Ctx, group: Group, why: string): Promise<Group> {
  const free: Group = { ...group, held: null };
  await emit(ctx, groupReopened, factsOf(free), { subject: group.id, incident: group.incidentId });
  if (group.state !== 'open' || group.test || group.firingCount === 0) return free;
  if (group.suppressedBy !== null && (await silenceOver(ctx, group)) === 'all') return free;
  const pageId = await pageFor(ctx, free, why);
  return { ...free, suppressedBy: null, pageId: pageId ?? group.pageId };
}
