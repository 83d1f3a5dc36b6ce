/** Writes the cases the figures are computed from. Own table only; the database refuses an exercise here. */
import type { Ctx, Selectable } from '#kernel';
import type { Case } from './model.ts';

interface CasesTable {
  incidentId: string;
  exercise: boolean;
  key: string;
  title: string;
  severity: number;
  detectedBy: Case['detectedBy'];
  serviceIds: string[];
  impactStartedAt: Date | null;
  detectedAt: Date | null;
  declaredAt: Date | null;
  firstPagedAt: Date | null;
  firstAckedAt: Date | null;
  commanderAt: Date | null;
  containmentStartedAt: Date | null;
  containedAt: Date | null;
  impactEndedAt: Date | null;
  restoredAt: Date | null;
  firstPublicAt: Date | null;
  leftOut: 'false_alarm' | 'merged' | null;
  computedAt: Date;
}
export type CaseRow = Selectable<CasesTable>;

declare module '#kernel' {
  interface Database {
    'learning.cases': CasesTable;
  }
}

/** Writes what the record says now, in place of what it said before. */
export async function saveCase(ctx: Ctx, row: Omit<CaseRow, 'exercise' | 'computedAt'>): Promise<void> {
  const values = { ...row, exercise: false, computedAt: ctx.now };
  const { incidentId: _, ...change } = values;
  await ctx.db
    .insertInto('learning.cases')
    .values(values)
    .onConflict((oc) => oc.column('incidentId').doUpdateSet(change))
    .execute();
}
