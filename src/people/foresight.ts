/** Questions about pages asked before it is sure that there will be one, together with others that are asked anyway. */
import { ahead, type Ctx, type Db, readSetting, sent, sql, standingEach } from '#kernel';
import { emergencyContact } from './settings.ts';
import type { PolicyRow } from './store.ts';

interface Foreseen {
  policies: Map<string, Promise<PolicyRow | undefined>>;
  emergency: Promise<{ userIds: string[] }>;
}

/** By transaction: what was read there holds there. */
const foreseen = new WeakMap<Db, Foreseen>();

/** Asks for these policies now; a page started later in this transaction finds the answers here. */
export function foreseePages(ctx: Ctx, policyIds: string[]): void {
  if (!ctx.db.isTransaction || foreseen.has(ctx.db)) return;
  const rows = standingEach(ctx.db, 'policy', policyIds, (missing) => policiesByIds(ctx, missing));
  const emergency = readSetting(ctx, emergencyContact);
  for (const question of [rows, emergency]) question.catch(() => {});
  const one = (id: string) => rows.then((found) => found.get(id));
  const policies = new Map(policyIds.map((id) => [id, one(id)]));
  for (const question of policies.values()) question.catch(() => {});
  foreseen.set(ctx.db, { policies, emergency });
}

async function policiesByIds(ctx: Ctx, ids: string[]): Promise<Map<string, PolicyRow>> {
  const query = ctx.db
    .selectFrom('people.policies')
    .selectAll()
    .where(sql<boolean>`id = any(${ids}::text[])`);
  return new Map((await sent(query.modifyEnd(ahead))).map((row) => [row.id, row]));
}

/** A policy, as this transaction has foreseen it or reads it now. */
export async function policyInTransaction(ctx: Ctx, id: string): Promise<PolicyRow | undefined> {
  const known = foreseen.get(ctx.db)?.policies.get(id);
  if (known) return known;
  return await ctx.db.selectFrom('people.policies').selectAll().where('id', '=', id).executeTakeFirst();
}

/** The emergency contact, as this transaction has foreseen it or reads it now. */
export const emergencyInTransaction = (ctx: Ctx): Promise<{ userIds: string[] }> =>
  foreseen.get(ctx.db)?.emergency ?? readSetting(ctx, emergencyContact);
