/** What kept people from being asked about a group is gone (its rule, or the alert that inhibited it): they are asked now. */
import type { Ctx } from '#kernel';
import { command } from '#security';
import { ask } from '../../correlation/ask.ts';
import type { Held } from '../../model.ts';
import { lockGroup, saveGroup } from '../../store.ts';
import { firingInhibitors } from '../store.ts';

export const releaseHeld = command(
  'signals.releaseHeld',
  { allow: 'internal', subject: (input: { groupId: string }) => input.groupId },
  async (ctx, { groupId }: { groupId: string }): Promise<'asked' | 'still_held'> => {
    const group = await lockGroup(ctx, groupId);
    ctx.exercise = group.exercise;
    if (group.held === null || group.state === 'resolved' || (await holds(ctx, group.held))) {
      ctx.audit.skip = true;
      return 'still_held';
    }
    ctx.audit.before = { held: group.held.why };
    await saveGroup(ctx, await ask(ctx, group, `No longer held: ${group.held.why}`));
    return 'asked';
  },
);

/** Whether the reason still stands. A correlation is looked after by its own job. */
async function holds(ctx: Ctx, held: Held): Promise<boolean> {
  if (held.kind === 'correlation') return true;
  const [ruleId = '', equalKey = ''] = held.by.split(':');
  const rule = await ctx.db
    .selectFrom('signals.rules')
    .select('id')
    .where('id', '=', ruleId)
    .where('enabled', '=', true)
    .executeTakeFirst();
  if (!rule) return false;
  return held.kind === 'rule' || (await firingInhibitors(ctx, [{ ruleId, equalKey }])).size > 0;
}
