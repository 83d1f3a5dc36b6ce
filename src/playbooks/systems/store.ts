/** Outside systems that connectors act on: address, options, sealed credential; and what each send found before it. */
import {
  type Ctx,
  type Db,
  type Generated,
  type Instant,
  type Json,
  json,
  newId,
  type Selectable,
  seal,
  type StampedAt,
  unseal,
} from '#kernel';

export const SYSTEM_KINDS = [
  'haproxy',
  'unleash',
  'launchdarkly',
  'github',
  'gitlab',
  'kubernetes',
  'weights',
  'postgres',
  'runner',
] as const;
export type SystemKind = (typeof SYSTEM_KINDS)[number];

interface SystemsTable {
  id: string;
  name: string;
  kind: SystemKind;
  description: Generated<string>;
  address: string;
  options: Json<Record<string, unknown>>;
  sealedSecret: string | null;
  credentialExpiresAt: Instant | null;
  checkedAt: Instant | null;
  healthy: boolean | null;
  detail: Generated<string>;
  removedAt: Instant | null;
  createdAt: StampedAt;
  updatedAt: Instant;
}
interface EffectsTable {
  key: string;
  actionRunId: string;
  prior: Json<Record<string, unknown>>;
  wanted: Json<Record<string, unknown>>;
  at: Instant;
}
declare module '#kernel' {
  interface Database {
    'playbooks.systems': SystemsTable;
    'playbooks.effects': EffectsTable;
  }
}
export type SystemRow = Selectable<SystemsTable>;
export type EffectRow = Selectable<EffectsTable>;

export const allSystems = (db: Db): Promise<SystemRow[]> =>
  db.selectFrom('playbooks.systems').selectAll().where('removedAt', 'is', null).orderBy('name').execute();

export const systemById = (db: Db, id: string): Promise<SystemRow | undefined> =>
  db.selectFrom('playbooks.systems').selectAll().where('id', '=', id).executeTakeFirst();

/** A system in use by its name. */
export const systemNamed = (db: Db, name: string): Promise<SystemRow | undefined> =>
  db
    .selectFrom('playbooks.systems')
    .selectAll()
    .where('name', '=', name)
    .where('removedAt', 'is', null)
    .executeTakeFirst();

const place = (id: string) => `playbooks.systems/${id}/sealed_secret`;
/** The credential; null when the system needs none. */
export const credentialOf = (row: SystemRow): string | null =>
  row.sealedSecret ? unseal(row.sealedSecret, place(row.id)) : null;

export interface SystemInput {
  name: string;
  kind: SystemKind;
  description: string;
  address: string;
  options: Record<string, unknown>;
  credentialExpiresAt: Date | null;
}

/** Makes or changes a system; a credential that is not given stays. Removed ones of that name come back. */
export async function putSystem(ctx: Ctx, input: SystemInput, secret: string | undefined): Promise<SystemRow> {
  const known = await ctx.db
    .selectFrom('playbooks.systems')
    .selectAll()
    .where('name', '=', input.name)
    .forUpdate()
    .executeTakeFirst();
  const id = known?.id ?? newId('sys');
  const row = {
    ...input,
    options: json(input.options),
    sealedSecret: secret === undefined ? (known?.sealedSecret ?? null) : secret === '' ? null : seal(secret, place(id)),
    healthy: null,
    checkedAt: null,
    detail: 'not checked yet',
    removedAt: null,
    updatedAt: ctx.now,
  };
  return ctx.db
    .insertInto('playbooks.systems')
    .values({ id, ...row, createdAt: ctx.now })
    .onConflict((oc) => oc.column('name').doUpdateSet(row))
    .returningAll()
    .executeTakeFirstOrThrow();
}

export const saveHealth = (ctx: Ctx, id: string, health: { ok: boolean; detail: string }): Promise<unknown> =>
  ctx.db
    .updateTable('playbooks.systems')
    .set({ healthy: health.ok, detail: health.detail.slice(0, 400), checkedAt: ctx.now })
    .where('id', '=', id)
    .execute();

export const removeSystemRow = (ctx: Ctx, id: string): Promise<unknown> =>
  ctx.db
    .updateTable('playbooks.systems')
    .set({ removedAt: ctx.now, sealedSecret: null })
    .where('id', '=', id)
    .execute();

export const effectOf = (db: Db, key: string): Promise<EffectRow | undefined> =>
  db.selectFrom('playbooks.effects').selectAll().where('key', '=', key).executeTakeFirst();

/** Kept before anything is sent. The same key keeps what was found the first time. */
export async function keepEffect(
  ctx: Ctx,
  row: Pick<EffectRow, 'key' | 'actionRunId' | 'prior' | 'wanted'>,
): Promise<EffectRow> {
  await ctx.db
    .insertInto('playbooks.effects')
    .values({ ...row, prior: json(row.prior), wanted: json(row.wanted), at: ctx.now })
    .onConflict((oc) => oc.column('key').doNothing())
    .execute();
  return (await effectOf(ctx.db, row.key))!;
}
