/** Adds a rule, or changes one. It holds from the next alert on. */
import { canonicalJson, conflict, type Ctx, invalid, json, newId, notFound } from '#kernel';
import { serviceById } from '#catalog';
import { command } from '#security';
import { getIntegration } from '../../integrations/queries.ts';
import { problemsOfRule, type Rule, type TriageRule, type TriageSpec } from '../model.ts';
import { tryRule } from '../try.ts';
import { allRules, lockRule, MOST_RULES, type RuleRow } from '../store.ts';

export interface SaveRule {
  /** Absent: a new one, behind the others of its kind. */
  id?: string | undefined;
  version?: number | undefined;
  kind: Rule['kind'];
  name: string;
  enabled?: boolean | undefined;
  spec: Rule['spec'];
}

export const saveRule = command(
  'signals.saveRule',
  { allow: 'manager', subject: (input: SaveRule, row?: RuleRow) => row?.id ?? input.id ?? input.name },
  async (ctx, input: SaveRule): Promise<RuleRow> => {
    const problems = problemsOfRule(input);
    if (problems.length > 0) throw invalid(problems[0]!.message, 'signals.rule', problems);
    const { serviceId, integrationId } = namedIn(input);
    if (serviceId && !(await serviceById(ctx, serviceId))) throw notFound('Service', serviceId);
    if (integrationId) await getIntegration(ctx, integrationId);
    const fields = { name: input.name, enabled: input.enabled ?? true, spec: json(input.spec), updatedAt: ctx.now };
    ctx.audit.after = { name: input.name, enabled: fields.enabled, spec: input.spec };
    if (!input.id) {
      await checkReach(ctx, input, null);
      return await add();
    }
    const before = await lockRule(ctx, input.id);
    if (!before) throw notFound('Rule', input.id);
    if (before.kind !== input.kind)
      throw conflict('A rule keeps its kind', 'signals.rule_kind', 'Add a new one instead.');
    if (input.version !== undefined && input.version !== before.version)
      throw conflict(
        'Somebody else has changed this rule',
        'signals.rule_version',
        'Load it again and repeat your change.',
      );
    const same = canonicalJson(before.spec) === canonicalJson(input.spec);
    await checkReach(ctx, input, same ? before.writtenBy : null);
    ctx.audit.before = { name: before.name, enabled: before.enabled, spec: before.spec };
    return await ctx.db
      .updateTable('signals.rules')
      .set({
        ...fields,
        writtenBy: same ? before.writtenBy : ctx.actor.id,
        version: before.version + 1,
        lastError: null,
        lastErrorAt: null,
        errorCount: 0,
      })
      .where('id', '=', before.id)
      .returningAll()
      .executeTakeFirstOrThrow();

    async function add(): Promise<RuleRow> {
      const same = (await allRules(ctx)).filter(({ kind }) => kind === input.kind);
      if (same.length >= MOST_RULES) throw conflict(`At most ${MOST_RULES} rules of a kind`, 'signals.rule_limit');
      const position = (same.at(-1)?.position ?? 0) + 1;
      const row = { id: newId('rul'), kind: input.kind, position, ...fields, lastError: null, lastErrorAt: null };
      return await ctx.db
        .insertInto('signals.rules')
        .values({ ...row, writtenBy: ctx.actor.id, createdBy: ctx.actor.name, createdAt: ctx.now })
        .returningAll()
        .executeTakeFirstOrThrow();
    }
  },
);

/** From this share of last week's alerts on, keeping them quiet takes two people. */
const MUCH = 0.5;
const ENOUGH_TO_JUDGE = 10;

/** A rule that would keep most of last week quiet is saved switched off, and switched on by somebody who did not write it. */
async function checkReach(ctx: Ctx, input: SaveRule, writtenBy: string | null): Promise<void> {
  if (input.kind !== 'triage' || input.enabled === false) return;
  const spec = input.spec as TriageSpec;
  if (spec.then.suppress === undefined && spec.then.urgency !== 'none') return;
  const draft: TriageRule = { id: input.id ?? 'draft', kind: 'triage', name: input.name, enabled: true, spec };
  const { total, matched } = await tryRule(ctx, draft);
  if (total < ENOUGH_TO_JUDGE || matched / total < MUCH) return;
  if (writtenBy !== null && writtenBy !== ctx.actor.id) return;
  const share = Math.round((100 * matched) / total);
  throw conflict(
    `It would have kept ${share} % of last week’s alerts quiet`,
    'signals.rule_hides_much',
    'Save it switched off. Somebody else with the right to change rules can then switch it on.',
    { hidden: matched, total },
  );
}

function namedIn({ spec }: SaveRule): { serviceId?: string | undefined; integrationId?: string | undefined } {
  if ('then' in spec) return { serviceId: spec.then.serviceId };
  return 'labels' in spec ? { serviceId: spec.serviceId, integrationId: spec.integrationId } : {};
}
