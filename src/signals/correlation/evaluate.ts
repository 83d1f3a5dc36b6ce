/** Looks at everything that is open and brings what is written in line with what follows from it. Safe to repeat, whatever the order things came in. */
import type { Ctx } from '#kernel';
import type { Group } from '../model.ts';
import { foldGroups } from './commands/foldGroups.ts';
import { type Cluster, correlate, rankOf } from './model.ts';
import { type Correlation, readScene } from './store.ts';

/** When this process last looked, by database; what opened before that was seen. */
const looked = new WeakMap<object, Date>();
/** The transaction that opened a group has ended by then; what took longer is found by the periodic look. */
const SEEN_AFTER_MS = 350;

/** @param since a group opened then; when everything was looked at well after that, there is nothing to do */
export async function correlateOpen(ctx: Ctx, since?: Date): Promise<number> {
  const last = looked.get(ctx.db);
  if (since && last && last.getTime() - since.getTime() >= SEEN_AFTER_MS) return 0;
  looked.set(ctx.db, ctx.now);
  const { scene, groups, known, on } = await readScene(ctx);
  if (!on || groups.size < 2) return 0;
  let changed = 0;
  for (const cluster of correlate(scene)) {
    if (!worthWriting(cluster, groups, known)) continue;
    await foldGroups(ctx, {
      originId: cluster.originId,
      silent: cluster.silent,
      leadGroupId: cluster.lead.groupId,
      memberIds: cluster.members.map(({ groupId }) => groupId),
      reasons: cluster.reasons,
    });
    changed++;
  }
  return changed;
}

/** Whether something of a cluster is not yet as it should be. */
function worthWriting(cluster: Cluster, groups: ReadonlyMap<string, Group>, known: Correlation[]): boolean {
  const row = known.find(({ originId }) => originId === cluster.originId);
  if (!row || row.leadGroupId !== cluster.lead.groupId || cluster.lead.correlationId !== row.id) return true;
  if (cluster.members.some(({ since }) => since > row.lastJoinedAt.getTime())) return true;
  return cluster.members.some((member) => {
    const group = groups.get(member.groupId);
    if (!group) return false;
    const holdable =
      cluster.lead.asked && rankOf(cluster.lead.severity) >= rankOf(member.severity) && rankOf(member.severity) > 0;
    return group.correlationId !== row.id || (holdable && group.state === 'open' && group.held === null);
  });
}
