/** Puts the rules of one kind into an order: the first that matches decides. */
import { invalid } from '#kernel';
import { command } from '#security';
import { allRules } from '../store.ts';
import type { Rule } from '../model.ts';

export interface OrderRules {
  kind: Rule['kind'];
  ids: string[];
}

export const orderRules = command(
  'signals.orderRules',
  { allow: 'manager', subject: (input: OrderRules) => input.kind },
  async (ctx, { kind, ids }: OrderRules): Promise<void> => {
    const before = (await allRules(ctx)).filter((rule) => rule.kind === kind).map(({ id }) => id);
    if (before.length !== ids.length || new Set(ids).size !== ids.length || !before.every((id) => ids.includes(id)))
      throw invalid('Name every rule of this kind once', 'signals.rule_order', [
        { path: 'ids', message: 'The list has changed meanwhile. Load it again.' },
      ]);
    ctx.audit.before = before;
    ctx.audit.after = ids;
    for (const [n, id] of ids.entries())
      await ctx.db
        .updateTable('signals.rules')
        .set({ position: n + 1 })
        .where('id', '=', id)
        .execute();
  },
);
