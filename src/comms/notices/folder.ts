/** Emergency notices beside the site's files: kept until the product has taken them into its record, shown as long. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { Problem } from '#kernel';
import { type EmergencyKey, type PublicNotice, readNotice, showing, type SignedNotice } from './note.ts';

/** Which keys may speak here; written with the site by the product. */
export const KEYS_FILE = 'emergency/keys.json';
const NOTES = join('emergency', 'notes');
/** So many wait at most: a stolen key must not fill the disk. */
const MOST = 50;

const keysFile = z.array(z.object({ id: z.string(), name: z.string(), publicKey: z.string() }));

/** The keys this folder knows; none when there is no site yet. */
export async function keysOf(dir: string): Promise<EmergencyKey[]> {
  const text = await readFile(join(dir, KEYS_FILE), 'utf8').catch(() => '[]');
  const read = keysFile.safeParse(JSON.parse(text));
  return read.success ? read.data : [];
}

/** The notices that wait here, in the order they were written. One that cannot be read or proven is left out. */
export async function waitingNotices(dir: string): Promise<{ notice: SignedNotice; key: EmergencyKey }[]> {
  const folder = join(dir, NOTES);
  if (!existsSync(folder)) return [];
  const keys = await keysOf(dir);
  const found: { notice: SignedNotice; key: EmergencyKey }[] = [];
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.json')).sort()) {
    const text = await readFile(join(folder, name), 'utf8').catch(() => '');
    try {
      const read = readNotice(JSON.parse(text), keys);
      if ('notice' in read) found.push(read);
    } catch {
      // Half a file of somebody who was killed: the whole one is still with its writer.
    }
  }
  return found.sort((a, b) => a.notice.writtenAt.localeCompare(b.notice.writtenAt));
}

/** What the waiting notices show. */
export async function standingNotices(dir: string): Promise<PublicNotice[]> {
  return showing((await waitingNotices(dir)).map(({ notice }) => notice));
}

/** Keeps a notice, if its signature holds. Keeping it again changes nothing. Throws a Problem otherwise. */
export async function keepNotice(value: unknown, dir: string): Promise<SignedNotice> {
  const keys = await keysOf(dir);
  const read = readNotice(value, keys);
  if ('refused' in read)
    throw new Problem(403, `The notice is refused: ${read.refused}`, { rule: 'comms.emergency_notice' });
  const folder = join(dir, NOTES);
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${read.notice.id}.json`);
  if (existsSync(path)) return read.notice;
  if ((await readdir(folder)).length >= MOST)
    throw new Problem(429, `${MOST} notices wait already`, { rule: 'comms.emergency_notice' });
  const fresh = `${path}.new`;
  await writeFile(fresh, `${JSON.stringify(read.notice)}\n`);
  await rename(fresh, path);
  return read.notice;
}

/** Forgets notices that the product has in its record now. */
export async function forgetNotices(ids: string[], dir: string): Promise<void> {
  for (const id of ids) if (/^emg_[a-z0-9]{26}$/.test(id)) await rm(join(dir, NOTES, `${id}.json`), { force: true });
}

const PLAIN = join('emergency', 'plain');

/** Keeps a file as it is without notices, beside the one that shows them. */
export async function keepPlain(path: string, text: string, dir: string): Promise<void> {
  const to = join(dir, PLAIN, path);
  await mkdir(dirname(to), { recursive: true });
  await writeFile(to, text);
}

/** A file of the site as it is without notices. */
export const readPlain = async (path: string, dir: string): Promise<string | undefined> =>
  readFile(join(dir, PLAIN, path), 'utf8').catch(() => readFile(join(dir, path), 'utf8').catch(() => undefined));

export const dropPlain = (dir: string): Promise<void> => rm(join(dir, PLAIN), { recursive: true, force: true });
