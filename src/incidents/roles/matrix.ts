/** Reads the RACI matrix that holds now. */
import type { Ctx } from '#kernel';
import { type Activity, DEFAULT_RACI } from './raci.ts';

export interface Matrix {
  /** 0: the matrix the product comes with; nobody has saved one. */
  version: number;
  activities: Activity[];
  savedBy: { id: string; name: string } | null;
  savedAt: Date | null;
}

export async function currentMatrix(ctx: Pick<Ctx, 'db'>): Promise<Matrix> {
  const row = await ctx.db
    .selectFrom('incidents.raciVersions')
    .selectAll()
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!row) return { version: 0, activities: DEFAULT_RACI, savedBy: null, savedAt: null };
  const { version, activities, savedBy, savedByName, savedAt } = row;
  return { version, activities, savedBy: { id: savedBy, name: savedByName }, savedAt };
}
