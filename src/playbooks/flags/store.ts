/** Feature flags: what each serves now, what it serves normally, and every change with its reason. */
import {
  type Ctx,
  type Db,
  type Generated,
  type Instant,
  type Json,
  json,
  newId,
  type Selectable,
  type StampedAt,
} from '#kernel';

import type { Rule } from './targeting.ts';

export type FlagKind = 'boolean' | 'string' | 'number' | 'object';
interface FlagsTable {
  id: string;
  key: string;
  description: string;
  kind: FlagKind;
  variants: Json<Record<string, unknown>>;
  defaultVariant: string;
  variant: string;
  state: 'enabled' | 'disabled';
  serviceId: string | null;
  revision: Generated<number>;
  /** As flagd writes it; empty: everybody gets the same. */
  targeting: Json<Rule>;
  createdAt: StampedAt;
  updatedAt: StampedAt;
}
interface FlagChangesTable {
  id: string;
  flagId: string;
  fromVariant: string;
  toVariant: string;
  reason: string;
  actor: string;
  actorName: string;
  incidentId: string | null;
  actionRunId: string | null;
  idempotencyKey: string | null;
  at: StampedAt;
  exercise: Generated<boolean>;
}
declare module '#kernel' {
  interface Database {
    'playbooks.flags': FlagsTable;
    'playbooks.flagChanges': FlagChangesTable;
  }
}
export type FlagRow = Selectable<FlagsTable>;
export type FlagChangeRow = Selectable<FlagChangesTable>;

export const allFlags = (db: Db): Promise<FlagRow[]> =>
  db.selectFrom('playbooks.flags').selectAll().orderBy('key').execute();

export const flagByKey = (db: Db, key: string): Promise<FlagRow | undefined> =>
  db.selectFrom('playbooks.flags').selectAll().where('key', '=', key).executeTakeFirst();

export const lockFlag = (db: Db, key: string): Promise<FlagRow | undefined> =>
  db.selectFrom('playbooks.flags').selectAll().where('key', '=', key).forUpdate().executeTakeFirst();

export const changeByKey = (db: Db, idempotencyKey: string): Promise<FlagChangeRow | undefined> =>
  db.selectFrom('playbooks.flagChanges').selectAll().where('idempotencyKey', '=', idempotencyKey).executeTakeFirst();

/** The last change of each flag. */
export async function lastChanges(db: Db): Promise<Map<string, FlagChangeRow>> {
  const rows = await db
    .selectFrom('playbooks.flagChanges')
    .distinctOn('flagId')
    .selectAll()
    .orderBy('flagId')
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .execute();
  return new Map(rows.map((row) => [row.flagId, row]));
}

type NewFlag = Pick<
  FlagRow,
  'key' | 'description' | 'kind' | 'variants' | 'defaultVariant' | 'variant' | 'state' | 'serviceId'
> & { targeting?: Rule };

export async function insertFlag(ctx: Ctx, { targeting, ...flag }: NewFlag): Promise<FlagRow> {
  return ctx.db
    .insertInto('playbooks.flags')
    .values({
      id: newId('flg'),
      ...flag,
      variants: json(flag.variants),
      targeting: json(targeting ?? {}),
      createdAt: ctx.now,
      updatedAt: ctx.now,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function updateFlag(ctx: Ctx, id: string, change: Partial<NewFlag>): Promise<FlagRow> {
  const { variants, targeting, ...fields } = change;
  return ctx.db
    .updateTable('playbooks.flags')
    .set((eb) => ({
      ...fields,
      ...(variants && { variants: json(variants) }),
      ...(targeting !== undefined && { targeting: json(targeting) }),
      revision: eb('revision', '+', 1),
      updatedAt: ctx.now,
    }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Writes a change; false when the same key has already made it. */
export async function insertChange(ctx: Ctx, change: Omit<FlagChangeRow, 'id' | 'at' | 'exercise'>): Promise<boolean> {
  const done = await ctx.db
    .insertInto('playbooks.flagChanges')
    .values({
      id: newId('flc'),
      ...change,
      at: ctx.now,
      exercise: ctx.exercise,
    })
    .onConflict((oc) => oc.column('idempotencyKey').doNothing())
    .executeTakeFirst();
  return (done.numInsertedOrUpdatedRows ?? 0n) > 0n;
}
