/** HTTP to rules about what comes in. */
import { endpoints } from '#contract/signals';
import { type Ctx, invalid, route } from '#kernel';
import { orderRules } from '../rules/commands/orderRules.ts';
import { removeRule } from '../rules/commands/removeRule.ts';
import { saveRule } from '../rules/commands/saveRule.ts';
import { problemsOfRule, type TriageRule } from '../rules/model.ts';
import { allRules, type RuleRow } from '../rules/store.ts';
import { tryRule } from '../rules/try.ts';

const body = (row: RuleRow) => ({
  id: row.id,
  kind: row.kind,
  name: row.name,
  enabled: row.enabled,
  spec: row.spec,
  version: row.version,
  failing:
    row.lastError !== null && row.lastErrorAt !== null
      ? { error: row.lastError, at: row.lastErrorAt.toISOString(), count: row.errorCount }
      : null,
  createdBy: row.createdBy,
  updatedAt: row.updatedAt.toISOString(),
});
const list = async (ctx: Ctx) => ({ items: (await allRules(ctx)).map(body) });

export const routes = [
  route(endpoints.listRules, async ({ ctx }) => await list(ctx)),
  route(endpoints.createRule, async ({ ctx, body: rule }) => body(await saveRule(ctx, rule))),
  route(endpoints.saveRule, async ({ ctx, params, body: { version, rule } }) =>
    body(await saveRule(ctx, { ...rule, id: params.id, version })),
  ),
  route(endpoints.removeRule, async ({ ctx, params }) => {
    await removeRule(ctx, params);
    return { id: params.id };
  }),
  route(endpoints.orderRules, async ({ ctx, body: order }) => {
    await orderRules(ctx, order);
    return await list(ctx);
  }),
  route(endpoints.tryRule, async ({ ctx, body: { id, spec } }) => {
    const draft: TriageRule = { id: id ?? 'draft', kind: 'triage', name: 'Draft', enabled: true, spec };
    const problems = problemsOfRule(draft);
    if (problems.length > 0) throw invalid(problems[0]!.message, 'signals.rule', problems);
    return await tryRule(ctx, draft);
  }),
];
