/** Writes and reads what an installation decided to go without. Own table only. */
import type { Ctx, StampedAt } from '#kernel';

declare module '#kernel' {
  interface Database {
    'programme.skippedSteps': { step: string; reason: string; skippedBy: string; skippedAt: StampedAt };
  }
}

/** Notes it once; the first reason stays. */
export async function skipStep(ctx: Ctx, step: string, reason: string, skippedBy: string): Promise<void> {
  await ctx.db
    .insertInto('programme.skippedSteps')
    .values({ step, reason, skippedBy, skippedAt: ctx.now })
    .onConflict((oc) => oc.column('step').doNothing())
    .execute();
}

export async function skippedSteps(ctx: Pick<Ctx, 'db'>): Promise<Set<string>> {
  const rows = await ctx.db.selectFrom('programme.skippedSteps').select('step').execute();
  return new Set(rows.map((row) => row.step));
}
