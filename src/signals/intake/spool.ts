/**
 * Posts on this node's own disk, for the time in which the database is away. Synced before anybody is answered, so they
 * survive the process; they do not survive the loss of this disk.
 *
 * A segment is a file of records: three numbers (length of the head, length of the body, checksum), a head as JSON, a body. A
 * record that was cut by a crash was never answered, and everything before it is good. A segment belongs to the process
 * in its name until that process is gone; whoever empties one renames it first.
 */
import {
  closeSync,
  fdatasync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  write,
} from 'node:fs';
import { fsyncSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import { config, dataPath, log, processNow } from '#kernel';
import type { Door, Wire } from '../ingest/family.ts';

/** What is known of a spooled post beside its bytes. */
export interface SpoolHead {
  id: string;
  integrationId: string;
  receivedAt: number;
  purpose: Door['purpose'];
  contentType: string;
  headers: Record<string, string>;
  wire: Wire;
  idempotencyKey: string | null;
  requestId: string;
  /** It may be in the database already: the connection was lost when it was being written. */
  maybe?: boolean;
}
export interface SpoolRecord {
  head: SpoolHead;
  bytes: Buffer;
}

export class SpoolFull extends Error {}

const PREFIX = 12;
const END = '.spool';
/** A segment is closed at this size, so that what was emptied gives its room back. */
const SEGMENT_BYTES = 16 * 1024 * 1024;
const writeTo = promisify(write) as unknown as (fd: number, data: Buffer) => Promise<number>;
const syncTo = promisify(fdatasync);

export const spoolDir = (): string => dataPath('spool');

interface Segment {
  path: string;
  fd: number;
  size: number;
}
let current: Segment | undefined;
let made = 0;

/** Bytes of all segments in the directory, by whomever they were written. */
export function spooledBytes(): number {
  const dir = spoolDir();
  let bytes = 0;
  for (const name of readdirSync(dir)) {
    if (!name.includes(END)) continue;
    try {
      bytes += statSync(join(dir, name)).size;
    } catch {
      // Emptied by another process in between.
    }
  }
  return bytes;
}

function openSegment(): Segment {
  made += 1;
  const dir = spoolDir();
  const name = `${String(processNow()).padStart(15, '0')}-${String(made).padStart(6, '0')}.${process.pid}${END}`;
  const path = join(dir, name);
  const fd = openSync(path, 'ax', 0o600);
  // The name too must survive a crash.
  const dirFd = openSync(dir, 'r');
  fsyncSync(dirFd);
  closeSync(dirFd);
  return { path, fd, size: 0 };
}

function encode({ head, bytes }: SpoolRecord): Buffer {
  const text = Buffer.from(JSON.stringify(head));
  const prefix = Buffer.alloc(PREFIX);
  prefix.writeUInt32LE(text.length, 0);
  prefix.writeUInt32LE(bytes.length, 4);
  prefix.writeUInt32LE(crc32(bytes, crc32(text)), 8);
  return Buffer.concat([prefix, text, bytes]);
}

/** Appends records with one write and one sync. Throws `SpoolFull` beyond `EVENKEEL_SPOOL_MB`, or the disk's own error. */
export async function appendToSpool(records: SpoolRecord[]): Promise<void> {
  const data = Buffer.concat(records.map(encode));
  if (spooledBytes() + data.length > config.spoolBytes) throw new SpoolFull('the spool is full');
  if (current && current.size > SEGMENT_BYTES) closeSpool();
  current ??= openSegment();
  const segment = current;
  try {
    for (let at = 0; at < data.length;) at += await writeTo(segment.fd, data.subarray(at));
    await syncTo(segment.fd);
    segment.size += data.length;
  } catch (error) {
    // Half a record may stand at its end: nothing more is written behind that.
    if (current === segment) closeSpool();
    throw error;
  }
}

/** Closes the segment that is being written, so that it can be emptied. */
export function closeSpool(): void {
  if (current) closeSync(current.fd);
  current = undefined;
}

const alive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
};

/** A living owner empties its segments within seconds: one that lies for so long has an owner whose number was given to somebody else. */
const ABANDONED_MS = 10 * 60_000;
function abandoned(path: string): boolean {
  try {
    return processNow() - statSync(path).mtimeMs > ABANDONED_MS;
  } catch {
    return false;
  }
}

/** The oldest segment that this process may empty, claimed; undefined when there is none. */
export function claimSegment(): string | undefined {
  const dir = spoolDir();
  for (const name of readdirSync(dir).sort()) {
    const owner = Number(new RegExp(`\\.(\\d+)(?:\\${END}|\\${END}-taken)$`).exec(name)?.[1]);
    if (!owner || join(dir, name) === current?.path) continue;
    if (owner !== process.pid && alive(owner) && !abandoned(join(dir, name))) continue;
    const path = join(dir, name.replace(/\.\d+\.spool(-taken)?$/, `.${process.pid}${END}-taken`));
    try {
      renameSync(join(dir, name), path);
      return path;
    } catch {
      // Another process was faster.
    }
  }
  return undefined;
}

/** The whole records of a segment, in their order. */
export function readSegment(path: string): SpoolRecord[] {
  const data = readFileSync(path);
  const records: SpoolRecord[] = [];
  let at = 0;
  while (at + PREFIX <= data.length) {
    const headSize = data.readUInt32LE(at);
    const bodySize = data.readUInt32LE(at + 4);
    const body = at + PREFIX + headSize;
    const end = body + bodySize;
    if (end > data.length) break;
    const head = data.subarray(at + PREFIX, body);
    const bytes = data.subarray(body, end);
    if (crc32(bytes, crc32(head)) !== data.readUInt32LE(at + 8)) break;
    records.push({ head: JSON.parse(head.toString('utf8')) as SpoolHead, bytes });
    at = end;
  }
  if (at < data.length)
    log.warn(
      { segment: path, bytes: data.length - at },
      'the end of a spool segment was cut by a crash; it was never answered',
    );
  return records;
}

/** Everything in it is in the database. */
export const dropSegment = (path: string): void => unlinkSync(path);
