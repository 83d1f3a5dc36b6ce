/** Overrides: a person passed by a guard, with a reason and an end (invariant 18, domain.md 4.8). */
import { type Ctx, type Db, type Generated, type Instant, newId, type Selectable, type StampedAt } from '#kernel';

export type OverrideKind = 'veto' | 'take_over' | 'skip' | 'force' | 'pause' | 'outside';
interface OverridesTable {
  id: string;
  kind: OverrideKind;
  incidentId: string | null;
  runId: string | null;
  actionRunId: string | null;
  guards: Generated<string[]>;
  action: string | null;
  target: string | null;
  reason: string;
  by: string;
  byName: string;
  secondBy: string | null;
  secondNeeded: Generated<boolean>;
  at: StampedAt;
  expiresAt: Instant;
  endedAt: Instant | null;
  endedBy: string | null;
  exercise: boolean;
}
declare module '#kernel' {
  interface Database {
    'playbooks.overrides': OverridesTable;
  }
}
export type OverrideRow = Selectable<OverridesTable>;

type NewOverride = Pick<OverrideRow, 'kind' | 'incidentId' | 'reason' | 'expiresAt' | 'exercise'> &
  Partial<Pick<OverrideRow, 'runId' | 'actionRunId' | 'guards' | 'action' | 'target' | 'secondNeeded' | 'endedAt'>>;

/** Writes an override down; who acts is its author. */
export async function insertOverride(ctx: Ctx, row: NewOverride): Promise<OverrideRow> {
  return ctx.db
    .insertInto('playbooks.overrides')
    .values({ id: newId('ovr'), ...row, by: ctx.actor.id, byName: ctx.actor.name, at: ctx.now } as never)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Overrides in force at `ctx.now`: not ended, not expired, and seconded where that is needed. At its expiry the guard applies again, without any job. */
export function activeOverrides(
  ctx: Pick<Ctx, 'db' | 'now'>,
  filter: { incidentId?: string; kind?: OverrideKind; runId?: string } = {},
): Promise<OverrideRow[]> {
  let query = ctx.db
    .selectFrom('playbooks.overrides')
    .selectAll()
    .where('endedAt', 'is', null)
    .where('expiresAt', '>', ctx.now)
    .where((eb) => eb.or([eb('secondNeeded', '=', false), eb('secondBy', 'is not', null)]))
    .orderBy('at');
  if (filter.incidentId !== undefined) query = query.where('incidentId', '=', filter.incidentId);
  if (filter.kind !== undefined) query = query.where('kind', '=', filter.kind);
  if (filter.runId !== undefined) query = query.where('runId', '=', filter.runId);
  return query.execute();
}

export const overridesOf = (db: Db, incidentId: string): Promise<OverrideRow[]> =>
  db.selectFrom('playbooks.overrides').selectAll().where('incidentId', '=', incidentId).orderBy('at').execute();

export const lockOverride = (db: Db, id: string): Promise<OverrideRow | undefined> =>
  db.selectFrom('playbooks.overrides').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();

/** Ends an override before its time; undefined when somebody already did. */
export const endOverride = (ctx: Ctx, id: string): Promise<OverrideRow | undefined> =>
  ctx.db
    .updateTable('playbooks.overrides')
    .set({ endedAt: ctx.now, endedBy: ctx.actor.id })
    .where('id', '=', id)
    .where('endedAt', 'is', null)
    .returningAll()
    .executeTakeFirst();
