/** The site on disk: written whole-file-at-a-time by renames, and read from there without asking any database. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { config, monotonic, processNow } from '#kernel';
import { dropPlain, keepPlain, readPlain, standingNotices } from '../notices/folder.ts';
import { patched } from '../notices/show.ts';
import { escapeMarkup } from './render/html.ts';
import { NOTICE_FRONT, TOKEN_PLACE } from './render/site.ts';

/** Where this node keeps the site. Read late: tests and the command line move the data directory. */
export const siteDir = (): string => join(config.dataDir, 'status');

/** After this long without a new copy the page stops claiming anything (milliseconds). */
export const STALE_AFTER_MS = 10 * 60_000;

const lines = new Map<string, Promise<unknown>>();
/** One writer of a folder at a time: one that began while a notice stood must not write after one that knows it is over. */
function inTurn<T>(dir: string, work: () => Promise<T>): Promise<T> {
  const result = (lines.get(dir) ?? Promise.resolve()).then(work, work);
  const done: Promise<void> = result.then(
    () => undefined,
    () => undefined,
  );
  lines.set(dir, done);
  return result;
}

/** Replaces a file at once; an unchanged one is left alone. */
export async function replaceFile(path: string, text: string): Promise<void> {
  if (existsSync(path) && (await readFile(path, 'utf8')) === text) return;
  await mkdir(dirname(path), { recursive: true });
  const fresh = `${path}.${randomBytes(6).toString('hex')}.new`;
  await writeFile(fresh, text, { mode: 0o644 });
  await rename(fresh, path);
  // Whoever writes here reads here at once; other processes look again by themselves.
  kept.delete(path);
}

/** Front pages that claim something, in any language; while a notice stands they are all the one that leads to it. */
const FRONT = /^(?:[a-z]{2}\/)?index\.(?:stale\.)?html$/;
const noticeFrontOf = (path: string) => path.replace(/index\.(?:stale\.)?html$/, NOTICE_FRONT);

/** Writes these files as they must be while the notices of this folder stand. */
async function writeFiles(files: Map<string, string>, dir: string, page: string): Promise<void> {
  const notices = await standingNotices(dir);
  const write = async ([path, text]: [string, string]) => {
    const source = notices.length > 0 && FRONT.test(path) ? (files.get(noticeFrontOf(path)) ?? text) : text;
    const shown = patched(path, source, notices, page);
    if (shown !== text) await keepPlain(path, text, dir);
    await replaceFile(join(dir, path), shown);
  };
  const list = [...files];
  // A few at a time; the front page, which is the last, when everything it leads to is there.
  const last = list.pop();
  for (let at = 0; at < list.length; at += AT_ONCE) await Promise.all(list.slice(at, at + AT_ONCE).map(write));
  if (last) await write(last);
  if (notices.length === 0) await dropPlain(dir);
}

const AT_ONCE = 8;

export interface Written {
  /** The page's own address, for what refers to it. */
  page: string;
  /** When this was true, in milliseconds; now, unless it was copied from elsewhere. */
  at?: number;
}

/** Writes every file; each is replaced at once, unchanged ones are left alone. Pages of incidents no longer shown are removed. */
export const writeSite = (
  files: Map<string, string>,
  { page, at = processNow() }: Written,
  dir = siteDir(),
): Promise<void> =>
  inTurn(dir, async () => {
    // The map ends with the front page, so that nothing is announced before its pages are there.
    await writeFiles(files, dir, page);
    await replaceFile(join(dir, 'page'), `${page}\n`);
    await replaceFile(join(dir, 'written'), `${at}\n`);
    for (const path of await listSite(dir))
      if (/^(?:[a-z]{2}\/|incidents\/)/.test(path) && !files.has(path)) await rm(join(dir, path), { force: true });
  });

/** The front page comes last, those in other languages just before. */
const rank = (path: string) => (path === 'index.html' ? 2 : FRONT.test(path) ? 1 : 0);

/** Every file of the site below a folder, without what belongs to emergencies or is being written. */
export async function listSite(dir = siteDir()): Promise<string[]> {
  const names = existsSync(dir) ? await readdir(dir, { recursive: true, withFileTypes: true }) : [];
  return names
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.new'))
    .map((entry) => relative(dir, join(entry.parentPath, entry.name)))
    .filter((path) => !/^(?:emergency\/(?:notes|plain)\/|written$|page$)/.test(path))
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}

/** Shows or takes away the notices of this folder in the files that are there already: nobody else is needed for it. */
export const showNotices = (dir = siteDir()): Promise<void> =>
  inTurn(dir, async () => {
    const files = new Map<string, string>();
    for (const path of await listSite(dir)) files.set(path, (await readPlain(path, dir)) ?? '');
    await writeFiles(files, dir, (await readFile(join(dir, 'page'), 'utf8').catch(() => '')).trim());
  });

/** What tells one content from another: 132 bits of its SHA-256. */
export const digestOf = (data: string | Buffer): string =>
  createHash('sha256').update(data).digest('base64url').slice(0, 22);

export interface Served {
  body: Buffer;
  gzip: Buffer;
  /** Of the content; the ETag without its quotes. */
  digest: string;
}

interface Kept extends Served {
  mtimeMs: number;
  size: number;
  ino: number;
  lookedAt: number;
}
const kept = new Map<string, Kept>();
/** A file is looked at on disk at most so often: thousands of views a second cost one look. */
const LOOK_MS = 250;

/** A file of the site that was looked at just now; undefined says nothing about whether it is there. */
export function keptNow(path: string, dir = siteDir()): Served | undefined {
  const known = kept.get(join(dir, path));
  return known && monotonic() - known.lookedAt < LOOK_MS ? known : undefined;
}

/** A file of the site, kept in memory until it changes on disk; undefined when there is none. */
export async function readServed(path: string, dir = siteDir()): Promise<Served | undefined> {
  const full = join(dir, path);
  const known = kept.get(full);
  if (known && monotonic() - known.lookedAt < LOOK_MS) return known;
  const found = await stat(full).catch(() => undefined);
  if (!found?.isFile()) {
    kept.delete(full);
    return undefined;
  }
  const { mtimeMs, size, ino } = found;
  if (known && known.mtimeMs === mtimeMs && known.size === size && known.ino === ino) {
    known.lookedAt = monotonic();
    return known;
  }
  const body = await readFile(full);
  const fresh: Kept = { body, gzip: gzipSync(body), digest: digestOf(body), mtimeMs, size, ino, lookedAt: monotonic() };
  if (kept.size > 2000) kept.clear();
  kept.set(full, fresh);
  return fresh;
}

/** A file that is no text. */
export const readBytes = (path: string, dir: string): Promise<Buffer | undefined> =>
  readFile(join(dir, path)).catch(() => undefined);

/** When the site was last true, in milliseconds; undefined before it was written. Asks the disk. */
export async function writtenAt(dir = siteDir()): Promise<number | undefined> {
  const text = await readFile(join(dir, 'written'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : Number(text);
}

/** True when the last copy was written too long ago to claim that anything works. */
export async function isStale(dir = siteDir(), after = STALE_AFTER_MS): Promise<boolean> {
  const written = await readServed('written', dir);
  return written === undefined || processNow() - Number(written.body.toString()) > after;
}

/** The two pages that carry a token back in a form. */
export async function readWithToken(path: string, token: string, dir = siteDir()): Promise<Buffer | undefined> {
  const file = await readServed(path, dir);
  return (
    file && Buffer.from(file.body.toString('utf8').replaceAll(TOKEN_PLACE, () => escapeMarkup(token.slice(0, 200))))
  );
}
