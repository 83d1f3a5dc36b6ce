/** SQL of rules. */
import {
  addMs,
  ahead,
  type Ctx,
  type Generated,
  json,
  type Json,
  later,
  type Selectable,
  sent,
  type StampedAt,
  sql,
  standing,
} from '#kernel';
import type { Rule } from './model.ts';

export interface RulesTable {
  id: string;
  kind: Rule['kind'];
  position: number;
  name: string;
  enabled: boolean;
  spec: Json<Rule['spec']>;
  version: Generated<number>;
  lastError: string | null;
  lastErrorAt: Date | null;
  errorCount: Generated<number>;
  createdBy: string;
  writtenBy: string | null;
  createdAt: StampedAt;
  updatedAt: StampedAt;
}
interface InhibitorsTable {
  ruleId: string;
  equalKey: string;
  alertId: string;
  exercise: boolean;
}
declare module '#kernel' {
  interface Database {
    'signals.rules': RulesTable;
    'signals.inhibitors': InhibitorsTable;
  }
}
export type RuleRow = Selectable<RulesTable>;

/** Rules of one kind at most. */
export const MOST_RULES = 300;

/** Every rule in force, in order; asked together with what else a post needs, or kept since it was. */
export const liveRules = (ctx: Pick<Ctx, 'db'>): Promise<Rule[]> => standing(ctx.db, 'rules', () => askRules(ctx));

const askRules = async (ctx: Pick<Ctx, 'db'>): Promise<Rule[]> =>
  (await sent(
    ctx.db
      .selectFrom('signals.rules')
      .select(['id', 'kind', 'name', 'enabled', 'spec'])
      .where('enabled', '=', true)
      .orderBy('kind')
      .orderBy('position')
      .orderBy('id')
      .modifyEnd(ahead),
  )) as Rule[];

export const allRules = (ctx: Pick<Ctx, 'db'>): Promise<RuleRow[]> =>
  ctx.db.selectFrom('signals.rules').selectAll().orderBy('kind').orderBy('position').orderBy('id').execute();

export const lockRule = (ctx: Ctx, id: string): Promise<RuleRow | undefined> =>
  ctx.db.selectFrom('signals.rules').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();

/** Notes that a rule could not be evaluated, at most every ten seconds, and never waits for another post doing the same. */
export async function noteFailed(ctx: Ctx, ruleId: string, error: string): Promise<void> {
  const text = error.slice(0, 500);
  await sql`update signals.rules set last_error = ${text}, last_error_at = ${ctx.now}, error_count = error_count + 1 where id in (
    select id from signals.rules where id = ${ruleId} and (last_error_at is null or last_error_at < ${addMs(ctx.now, -10_000)} or last_error <> ${text})
    for no key update skip locked) ${later}`.execute(ctx.db);
}

export interface Inhibitor {
  ruleId: string;
  equalKey: string;
  alertId: string;
}

/** What fires now and inhibits, by rule and key: the title of one of them. */
export async function firingInhibitors(
  ctx: Pick<Ctx, 'db' | 'exercise'>,
  wanted: { ruleId: string; equalKey: string }[],
): Promise<Map<string, string>> {
  if (wanted.length === 0) return new Map();
  const rows = await ctx.db
    .selectFrom('signals.inhibitors as i')
    .innerJoin('signals.alerts as a', 'a.id', 'i.alertId')
    .select(['i.ruleId', 'i.equalKey', 'a.title'])
    .where('a.state', '=', 'firing')
    .where('i.exercise', '=', ctx.exercise)
    .where(
      sql<boolean>`(i.rule_id, i.equal_key) in (select r, k from unnest(${wanted.map((one) => one.ruleId)}::text[], ${wanted.map((one) => one.equalKey)}::text[]) as t(r, k))`,
    )
    .execute();
  return new Map(rows.map((row) => [`${row.ruleId}:${row.equalKey}`, row.title]));
}

export async function insertInhibitors(ctx: Ctx, list: Inhibitor[]): Promise<void> {
  if (list.length === 0) return;
  const rows = json(list as unknown);
  await sql`insert into signals.inhibitors (rule_id, equal_key, alert_id, exercise)
    select t."ruleId", t."equalKey", t."alertId", ${ctx.exercise} from jsonb_to_recordset(${rows}) as t("ruleId" text, "equalKey" text, "alertId" text)
    on conflict do nothing ${later}`.execute(ctx.db);
}

/** Those whose alert is over. */
export async function forgetInhibitors(ctx: Pick<Ctx, 'db'>): Promise<void> {
  await sql`delete from signals.inhibitors i using signals.alerts a where a.id = i.alert_id and a.state = 'resolved'`.execute(
    ctx.db,
  );
}
