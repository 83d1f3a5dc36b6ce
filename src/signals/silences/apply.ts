/** Silences at work: groups that fall under one stop paging, groups whose silence ends page again. */
import { type Ctx, defineJob } from '#kernel';
import { z } from 'zod';
import { noteHidden } from '../hidden/store.ts';
import type { Group } from '../model.ts';
import { stopPaging } from '../paging.ts';
import { groupOf, saveGroup } from '../store.ts';
import { covers, type Silence, silencedBy } from './model.ts';
import { liveSilences } from './store.ts';

const firingOf = (ctx: Ctx, groupId: string) =>
  ctx.db
    .selectFrom('signals.alerts')
    .select(['title', 'source', 'severity', 'labels', 'serviceId'])
    .where('groupId', '=', groupId)
    .where('state', '=', 'firing')
    .limit(2000)
    .execute();

/** `none` when at least one firing alert of the group is not silenced. */
export async function silenceOver(ctx: Ctx, group: Group): Promise<'none' | 'all'> {
  const [alerts, silences] = [await firingOf(ctx, group.id), await liveSilences(ctx, group.integrationId)];
  return alerts.every((alert) => silencedBy(silences, alert, ctx.now)) ? 'all' : 'none';
}

/** Open groups that fall under a new silence as a whole are not paged about any more. */
export async function hushOpenGroups(ctx: Ctx, silence: Silence): Promise<void> {
  let query = ctx.db
    .selectFrom('signals.groups')
    .selectAll()
    .where('state', '=', 'open')
    .where('suppressedBy', 'is', null)
    .where('exercise', '=', false)
    .orderBy('id')
    .limit(500)
    .forUpdate();
  if (silence.integrationId) query = query.where('integrationId', '=', silence.integrationId);
  for (const row of await query.execute()) {
    const alerts = await firingOf(ctx, row.id);
    if (!alerts.every((alert) => covers(silence, alert))) continue;
    await noteHidden(ctx, groupOf(row), 'silence', silence.id);
    await saveGroup(ctx, { ...groupOf(row), suppressedBy: silence.id });
    await stopPaging(ctx, row.id, `silenced by ${silence.createdBy}: ${silence.comment}`);
  }
}

/** At the end of a silence, and every half minute for what was missed. */
export const liftSilences = defineJob(
  'signals.liftSilences',
  z.object({}),
  async (ctx) => {
    const { liftSilence } = await import('./commands/liftSilence.ts');
    const rows = await ctx.db
      .selectFrom('signals.groups')
      .select('id')
      .where('suppressedBy', 'is not', null)
      .where('state', '=', 'open')
      .limit(500)
      .execute();
    for (const { id } of rows) await liftSilence(ctx, { groupId: id });
  },
  { every: 30_000 },
);
