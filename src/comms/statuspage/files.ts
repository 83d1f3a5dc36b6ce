/** The site on disk: written whole-file-at-a-time by renames, and served from there without asking any database. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { config, processNow } from '#kernel';
import { escapeMarkup } from './render/html.ts';
import { TOKEN_PLACE } from './render/site.ts';

/** Where this node keeps the site. Read late: tests and the command line move the data directory. */
export const siteDir = (): string => join(config.dataDir, 'status');

/** After this long without a new copy the page stops claiming anything (milliseconds). */
export const STALE_AFTER_MS = 10 * 60_000;

async function replace(path: string, text: string): Promise<void> {
  if (existsSync(path) && (await readFile(path, 'utf8')) === text) return;
  await mkdir(dirname(path), { recursive: true });
  const fresh = `${path}.${randomBytes(6).toString('hex')}.new`;
  await writeFile(fresh, text, { mode: 0o644 });
  await rename(fresh, path);
}

/** Writes every file; each is replaced at once, unchanged ones are left alone. Pages of incidents no longer shown are removed. */
export async function writeSite(files: Map<string, string>, dir = siteDir()): Promise<void> {
  // The map ends with the front page, so that nothing is announced before its pages are there.
  for (const [path, text] of files) await replace(join(dir, path), text);
  const folder = join(dir, 'incidents');
  for (const name of existsSync(folder) ? await readdir(folder) : []) {
    if (!files.has(`incidents/${name}`)) await rm(join(folder, name), { force: true });
  }
  await replace(join(dir, 'written'), `${processNow()}\n`);
}

export interface Served {
  body: Buffer;
  gzip: Buffer;
  etag: string;
}

interface Kept extends Served {
  mtimeMs: number;
  size: number;
}
const kept = new Map<string, Kept>();

/** A file of the site, kept in memory until it changes on disk; undefined when there is none. */
export async function readServed(path: string, dir = siteDir()): Promise<Served | undefined> {
  const full = join(dir, path);
  const found = await stat(full).catch(() => undefined);
  if (!found?.isFile()) return undefined;
  const known = kept.get(full);
  if (known && known.mtimeMs === found.mtimeMs && known.size === found.size) return known;
  const body = await readFile(full);
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  const fresh: Kept = {
    body,
    gzip: gzipSync(body),
    etag,
    mtimeMs: found.mtimeMs,
    size: found.size,
  };
  if (kept.size > 2000) kept.clear();
  kept.set(full, fresh);
  return fresh;
}

/** True when the last copy was written too long ago to claim that anything works. */
export async function isStale(dir = siteDir()): Promise<boolean> {
  const written = await readServed('written', dir);
  return written === undefined || processNow() - Number(written.body.toString()) > STALE_AFTER_MS;
}

/** The two pages that carry a token back in a form. */
export async function readWithToken(path: string, token: string, dir = siteDir()): Promise<Buffer | undefined> {
  const file = await readServed(path, dir);
  return (
    file && Buffer.from(file.body.toString('utf8').replaceAll(TOKEN_PLACE, () => escapeMarkup(token.slice(0, 200))))
  );
}
