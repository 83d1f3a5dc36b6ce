/** Further pages as files: written beside the public site, never into it, with a list from which requests are answered without a database. */
import { existsSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Ctx, dataPath, sameText, sha256hex } from '#kernel';
import { readServed, replaceFile, writeSite } from '../statuspage/files.ts';
import { readPage, readSnapshot } from '../statuspage/read.ts';
import { renderSite } from '../statuspage/render/site.ts';
import type { Snapshot } from '../statuspage/snapshot.ts';
import { listPages, type PageRow, urlOf } from './store.ts';

/** What is needed to answer for a page; in the list on disk. */
export interface Listed {
  id: string;
  slug: string;
  audience: PageRow['audience'];
  tokenHash: string | null;
  host: string | null;
}

const root = () => dataPath('pages');
export const pageDir = (id: string): string => join(root(), id);

async function snapshotOf(ctx: Ctx, row: PageRow): Promise<Snapshot> {
  const main = await readPage(ctx);
  return readSnapshot(ctx, {
    componentIds: row.componentIds,
    page: {
      ...main,
      id: row.slug,
      name: row.name,
      about: row.about,
      supportContact: row.supportContact,
      accent: row.accent,
      accentDark: row.accentDark,
      language: row.language,
      languages: row.languages,
      url: urlOf(row),
      logo: row.logo !== null,
      // Mails are asked for on the page everybody sees.
      canSubscribe: false,
    },
  });
}

/** Hosts of their own → page, as of the last writing of this process. */
let hosts = new Map<string, string>();
/** Where requests to this host are answered; undefined for our own. */
export const prefixOfHost = (host: string): string | undefined => {
  const slug = hosts.get(host);
  return slug === undefined ? undefined : `/status/p/${slug}`;
};

/** Renders and writes every further page of this node, and removes those that are no more. */
export async function writePages(ctx: Ctx): Promise<void> {
  const rows = await listPages(ctx);
  if (rows.length === 0 && !existsSync(join(root(), 'list.json'))) return;
  for (const row of rows) {
    const files = renderSite(await snapshotOf(ctx, row), { base: row.host ? '' : `/status/p/${row.slug}` });
    const dir = pageDir(row.id);
    await writeSite(files, { page: urlOf(row) }, dir);
    const logo = join(dir, 'assets', 'logo.png');
    if (row.logo) await writeFile(logo, Buffer.from(row.logo, 'base64'));
    else await rm(logo, { force: true });
  }
  const list: Listed[] = rows.map(({ id, slug, audience, tokenHash, host }) => ({
    id,
    slug,
    audience,
    tokenHash,
    host,
  }));
  await replaceFile(join(root(), 'list.json'), JSON.stringify(list));
  hosts = new Map(list.flatMap(({ host, slug }) => (host ? [[host, slug] as const] : [])));
  for (const name of await readdir(root()))
    if (name.startsWith('spg_') && !rows.some(({ id }) => id === name))
      await rm(pageDir(name), { recursive: true, force: true });
}

/** The page at this address; asks the disk at most a few times a second. */
export async function listedPage(slug: string): Promise<Listed | undefined> {
  const served = await readServed('list.json', root());
  if (!served) return undefined;
  return (JSON.parse(served.body.toString('utf8')) as Listed[]).find((page) => page.slug === slug);
}

/** Whether this is the page's token, in a time that tells nothing. */
export const opens = ({ tokenHash }: Listed, token: string | undefined): boolean =>
  tokenHash !== null && token !== undefined && sameText(sha256hex(token.slice(0, 200)), tokenHash);
