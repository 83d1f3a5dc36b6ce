/** SQL of the copies of the site that stand elsewhere. */
import { type Ctx, conflict, json, newId, notFound, seal, type Selectable, unseal } from '#kernel';
import type { CopiesTable, CopyConfig } from '../tables.ts';
import type { Target } from './places/place.ts';

export type CopyRow = Selectable<CopiesTable>;

const placeOfSecret = (id: string) => `comms.copies:${id}`;

export const listCopies = (ctx: Pick<Ctx, 'db'>): Promise<CopyRow[]> =>
  ctx.db.selectFrom('comms.copies').selectAll().orderBy('createdAt').orderBy('id').execute();

export async function copyById(ctx: Pick<Ctx, 'db'>, id: string): Promise<CopyRow | undefined> {
  return ctx.db.selectFrom('comms.copies').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function theCopy(ctx: Pick<Ctx, 'db'>, id: string): Promise<CopyRow> {
  const row = await copyById(ctx, id);
  if (!row) throw notFound('Copy', id);
  return row;
}

export async function insertCopy(
  ctx: Ctx,
  { name, config, secret, url }: { name: string; config: CopyConfig; secret: string | undefined; url: string | null },
): Promise<CopyRow> {
  const twin = (await listCopies(ctx)).find((row) => row.name.toLowerCase() === name.toLowerCase());
  if (twin) throw conflict(`There already is a copy called “${twin.name}”`, 'comms.copies.name');
  const id = newId('cpy');
  return ctx.db
    .insertInto('comms.copies')
    .values({
      id,
      name,
      kind: config.kind,
      config: json(config),
      sealedSecret: secret === undefined ? null : seal(secret, placeOfSecret(id)),
      url,
      createdBy: ctx.actor.id,
      createdAt: ctx.now,
      pushed: json({}),
      said: null,
      pushedAt: null,
      pushedFiles: null,
      failingSince: null,
      error: null,
      readAt: null,
      readState: null,
      readDetail: null,
      driftingSince: null,
      driftToldAt: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

export const saveCopy = async (
  ctx: Pick<Ctx, 'db'>,
  id: string,
  change: Partial<Omit<CopyRow, 'id' | 'pushed' | 'config'>> & { pushed?: Record<string, string> },
): Promise<void> => {
  const { pushed, ...rest } = change;
  await ctx.db
    .updateTable('comms.copies')
    .set({ ...rest, ...(pushed && { pushed: json(pushed) }) })
    .where('id', '=', id)
    .execute();
};

export const targetOf = ({ id, config, sealedSecret }: CopyRow): Target => ({
  id,
  config,
  secret: sealedSecret === null ? undefined : unseal(sealedSecret, placeOfSecret(id)),
});
