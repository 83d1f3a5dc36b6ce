/** Whether the database is away, and who may send while nobody can be asked. */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type House, log, sql } from '#kernel';
import { allHeldKeys, type HeldKey } from '../integrations/store.ts';
import { spoolDir } from './spool.ts';

const CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
const WORDS =
  /Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client has encountered a connection error/;

/** True when an error says that the database cannot be reached or cannot write just now, and nothing about the post. */
export function isDatabaseAway(error: unknown): boolean {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  // 08: the link broke. 57P0x: it is going or not up yet. 25006: it is read-only. 53: out of room or connections.
  return CODES.has(code) || /^(08|57P0|25006|53)/.test(code) || WORDS.test(message);
}

/** Last known senders, by the hash of their key. */
const known = new Map<string, HeldKey>();
const file = () => join(spoolDir(), 'keys.json');

export const knownKey = (hash: string): HeldKey | undefined => known.get(hash);

/** Remembers who was found by which key. Nothing that was asked for and not found stays known. */
export function rememberKeys(asked: string[], found: Map<string, HeldKey>): void {
  for (const hash of asked) {
    const row = found.get(hash);
    if (row && !known.has(hash)) learned = true;
    if (row) known.set(hash, row);
    else known.delete(hash);
  }
}

let learned = false;
/** True once after somebody was heard for the first time. */
export function hasLearned(): boolean {
  const has = learned;
  learned = false;
  return has;
}

/** Reads who may send from the disk: hashes of keys and sealed options, no key. */
export function loadKeys(): void {
  try {
    const rows = JSON.parse(readFileSync(file(), 'utf8'), revive) as HeldKey[];
    for (const row of rows) known.set(row.keyHash, row);
  } catch {
    // The first start of this node, or a file that was cut: who may send is learned from the database.
  }
}

const DATES = new Set([
  'revokedAt',
  'validUntil',
  'createdAt',
  'lastHeardAt',
  'lastGarbageAt',
  'garbageNoticeAt',
  'lastDroppedAt',
]);
const revive = (name: string, value: unknown) =>
  DATES.has(name) && typeof value === 'string' ? new Date(value) : value;

/** Writes down who may send, for a start without a database. */
export async function saveKeys(house: House): Promise<void> {
  const rows = await allHeldKeys(house.db);
  known.clear();
  for (const row of rows) known.set(row.keyHash, row);
  const path = file();
  writeFileSync(`${path}.new`, JSON.stringify(rows), { mode: 0o600 });
  const fd = openSync(`${path}.new`, 'r');
  fsyncSync(fd);
  closeSync(fd);
  renameSync(`${path}.new`, path);
}

const PROBE_MS = 400;
const PROBE_LIMIT_MS = 1500;

export interface Away {
  isAway(): boolean;
  /** The database failed: look every moment whether it is back. */
  begin(why: unknown): void;
}

/** True when the database answers in time. */
export async function answers(house: Pick<House, 'db'>): Promise<boolean> {
  const limit = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), PROBE_LIMIT_MS).unref());
  const asked = sql`select 1 from kernel.clock`.execute(house.db).then(
    () => true,
    (error) => !isDatabaseAway(error),
  );
  return await Promise.race([asked, limit]);
}

/** Watches the database once it has failed; `back` is called when it answers again. */
export function watchAway(house: House, back: () => void): Away {
  let away = false;
  const look = async () => {
    if (await answers(house)) {
      away = false;
      log.info('the database answers again');
      back();
    } else setTimeout(() => void look(), PROBE_MS);
  };
  return {
    isAway: () => away,
    begin: (why) => {
      if (away) return;
      away = true;
      log.error({ error: (why as Error).message }, 'the database is away: what comes in is kept on this disk');
      setTimeout(() => void look(), PROBE_MS);
    },
  };
}
