/** Why past incidents happened, for finding those that are alike: what reviews say of trigger and factors. */
import type { Ctx } from '#kernel';

/** Trigger and factors by incident; incidents without a review are left out. */
export async function fingerprintsOf(ctx: Ctx, incidentIds: string[]) {
  const rows = await ctx.db
    .selectFrom('learning.reviews as r')
    .leftJoin('learning.reviewFactors as f', 'f.reviewId', 'r.id')
    .select(['r.incidentId', 'r.trigger', 'f.code'])
    .where('r.incidentId', 'in', incidentIds)
    .execute();
  const told = new Map<string, { trigger?: string; factors: string[] }>();
  for (const { incidentId, trigger, code } of rows) {
    const one = told.get(incidentId) ?? { ...(trigger && { trigger }), factors: [] };
    if (code) one.factors.push(code);
    told.set(incidentId, one);
  }
  return told;
}
