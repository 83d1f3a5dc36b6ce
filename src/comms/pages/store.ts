/** SQL of further status pages. */
import {
  type Ctx,
  config,
  conflict,
  invalid,
  json,
  newId,
  notFound,
  randomToken,
  type Selectable,
  sha256hex,
} from '#kernel';
import { listComponents } from '../components/store.ts';
import type { PagesTable } from '../tables.ts';
import { cleanLogo } from './logo.ts';

export type PageRow = Selectable<PagesTable>;

export interface PageFields {
  slug: string;
  name: string;
  about: string;
  supportContact: string;
  accent: string;
  accentDark: string;
  logo: string | null;
  language: string;
  languages: string[];
  audience: PageRow['audience'];
  host: string | null;
  componentIds: string[];
}

export const listPages = (ctx: Pick<Ctx, 'db'>): Promise<PageRow[]> =>
  ctx.db.selectFrom('comms.pages').selectAll().orderBy('createdAt').orderBy('id').execute();

export async function thePage(ctx: Pick<Ctx, 'db'>, id: string): Promise<PageRow> {
  const row = await ctx.db.selectFrom('comms.pages').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) throw notFound('Status page', id);
  return row;
}

/** Where people read it. */
export const urlOf = ({ host, slug }: Pick<PageRow, 'host' | 'slug'>): string =>
  host ? `https://${host}` : `${config.publicUrl}/status/p/${slug}`;

/** Throws when another page has the address already, or a component is not there. */
async function check(ctx: Ctx, fields: PageFields, own = ''): Promise<void> {
  const others = (await listPages(ctx)).filter(({ id }) => id !== own);
  if (others.some(({ slug }) => slug === fields.slug))
    throw conflict(`There already is a page at /status/p/${fields.slug}`, 'comms.pages.slug');
  if (fields.host && others.some(({ host }) => host === fields.host))
    throw conflict(`There already is a page at ${fields.host}`, 'comms.pages.host');
  if (fields.host === new URL(config.publicUrl).hostname)
    throw conflict(`${fields.host} is where this installation itself is`, 'comms.pages.host');
  const known = new Set((await listComponents(ctx)).map(({ id }) => id));
  const missing = fields.componentIds.find((id) => !known.has(id));
  if (missing)
    throw invalid('One of these components is not there', 'comms.pages.components', [
      { path: 'componentIds', message: missing },
    ]);
}

/** A new token, and what is kept of it. */
export function newPageToken(): { token: string; tokenHash: string } {
  const token = randomToken(24);
  return { token, tokenHash: sha256hex(token) };
}

export async function insertPage(ctx: Ctx, fields: PageFields, tokenHash: string | null): Promise<PageRow> {
  await check(ctx, fields);
  const { logo, languages, ...rest } = fields;
  return ctx.db
    .insertInto('comms.pages')
    .values({
      id: newId('spg'),
      ...rest,
      logo: logo === null ? null : cleanLogo(logo),
      languages: json(languages),
      tokenHash,
      createdBy: ctx.actor.id,
      createdAt: ctx.now,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function updatePage(
  ctx: Ctx,
  row: PageRow,
  change: Partial<PageFields>,
  tokenHash: string | null,
): Promise<PageRow> {
  await check(ctx, { ...row, ...change }, row.id);
  const { logo, languages, ...rest } = change;
  return ctx.db
    .updateTable('comms.pages')
    .set({
      ...rest,
      ...(logo !== undefined && { logo: logo === null ? null : cleanLogo(logo) }),
      ...(languages && { languages: json(languages) }),
      tokenHash,
    })
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow();
}
