/** Looks at everything that is open and brings what is written in line with what follows from it. Safe to repeat, whatever the order things came in. */
import type { Ctx } from '#kernel';
import { foldGroups } from './commands/foldGroups.ts';
import { newestOf } from './hold.ts';
import { type Cluster, correlate, rankOf, type Sighting } from './model.ts';
import { type OpenCorrelation, type OpenGroup, readScene } from './store.ts';

/** When this process last looked, by database, and how long that took; what opened before it was seen. */
const looked = new WeakMap<object, { at: Date; until: number; tookMs: number }>();
/** The transaction that opened a group has ended by then; what took longer is found by the periodic look. */
const SEEN_AFTER_MS = 350;
/** In a storm this process rests so many times as long as a look takes. */
const REST = 5;

/**
 * @param since a group opened then; when everything was looked at well after that, there is nothing to do
 * @returns false when it is too soon to look again
 */
export async function correlateOpen(ctx: Ctx, since?: Date): Promise<boolean> {
  const last = looked.get(ctx.db);
  if (since && last) {
    if (last.at.getTime() - since.getTime() >= SEEN_AFTER_MS) return true;
    if (performance.now() < last.until + Math.min(2_000, REST * last.tookMs)) return false;
  }
  const from = performance.now();
  const look = { at: ctx.now, until: from, tookMs: 0 };
  looked.set(ctx.db, look);
  await lookAtAll(ctx);
  look.until = performance.now();
  look.tookMs = look.until - from;
  return true;
}

async function lookAtAll(ctx: Ctx): Promise<void> {
  const { scene, groups, known, on } = await readScene(ctx);
  if (!on || groups.size < 2) return;
  for (const cluster of correlate(scene)) {
    const wrong = unwritten(cluster, groups, known);
    if (!wrong) continue;
    await foldGroups(ctx, {
      originId: cluster.originId,
      silent: cluster.silent,
      leadGroupId: cluster.lead.groupId,
      memberIds: wrong.map(({ groupId }) => groupId),
      reasons: cluster.reasons,
      newest: newestOf(cluster.members),
    });
  }
}

/** Members that are not yet as they should be; null when everything about the cluster is written. */
function unwritten(
  cluster: Cluster,
  groups: ReadonlyMap<string, OpenGroup>,
  known: OpenCorrelation[],
): Sighting[] | null {
  const row = known.find(({ originId }) => originId === cluster.originId);
  const { lead, members } = cluster;
  if (!row || row.leadGroupId !== lead.groupId || lead.correlationId !== row.id) return members;
  const wrong = members.filter((member) => {
    const group = groups.get(member.groupId);
    if (!group) return false;
    const rank = rankOf(member.severity);
    const holdable = lead.asked && rankOf(lead.severity) >= rank && rank > 0;
    return group.correlationId !== row.id || (holdable && group.state === 'open' && group.held === null);
  });
  return wrong.length > 0 || newestOf(members) > row.lastJoinedAt ? wrong : null;
}
