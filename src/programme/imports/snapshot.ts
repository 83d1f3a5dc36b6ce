/** From files to a snapshot, and secrets out of it: bad input is refused here, before anything is kept or compared. */
import { Problem } from '#kernel';
import { type Json, listOf, type Snapshot, type VendorName } from './model.ts';
import { vendorByName } from './vendors/index.ts';

/** All files together, in characters. */
export const MOST_CHARACTERS = 64 * 1024 * 1024;
export const MOST_FILES = 2000;
const MOST_RECORDS = 50_000;

const bad = (name: string, why: string) =>
  new Problem(422, `${name.slice(0, 100)} cannot be read`, {
    rule: 'imports.file',
    detail: why,
    errors: [{ path: name.slice(0, 100), message: why }],
  });

/** Fields that open doors: keys of integrations, private calendar addresses, links with tokens in them. */
const SECRET =
  /^(?:.*(?:_key|apikey|token|secret|password)|(?:http|web)_cal_url|.*ical.*|link|href|inbound_email|self|html_url|avatar_url|avatar|web|api)$/i;

/** The same without secrets. What was there leaves a mark, so that “it has one” can still be said. */
export function scrub(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(scrub);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      typeof inner === 'string' && inner !== '' && SECRET.test(key) ? '·' : scrub(inner),
    ]),
  );
}

/** The snapshot that files hold: one that we saved, or the vendor's answers as they were fetched. Throws 422. */
export function snapshotOf(vendor: VendorName, files: { name: string; text: string }[], now: Date): Snapshot {
  if (files.length === 0) throw bad('The import', 'no file was given');
  if (files.length > MOST_FILES) throw bad('The import', `${files.length} files; at most ${MOST_FILES}`);
  const snapshot: Snapshot = { vendor, readAt: now.toISOString(), parts: {}, unread: [] };
  for (const file of files) {
    const json = parse(file);
    if (isOurs(json)) takeOurs(snapshot, json, file.name, files.length);
    else takeAnswers(snapshot, json, file.name);
  }
  const records = Object.values(snapshot.parts).reduce((sum, part) => sum + part.length, 0);
  if (records === 0)
    throw bad(
      files[0]?.name ?? 'The file',
      `nothing of ${vendorByName(vendor).title} is in it. Wanted: ${vendorByName(vendor).fileHelp}`,
    );
  if (records > MOST_RECORDS) throw bad('The import', `${records} records; at most ${MOST_RECORDS}`);
  return scrub(snapshot) as Snapshot;
}

function parse({ name, text }: { name: string; text: string }): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    // A depth that breaks the parser is a RangeError and no more readable.
    throw bad(name, `it is not JSON (${(error as Error).message.slice(0, 120)})`);
  }
}

const isOurs = (json: unknown): json is Json => typeof json === 'object' && json !== null && 'evenkeelExport' in json;

function takeOurs(snapshot: Snapshot, json: Json, name: string, files: number): void {
  if (files > 1) throw bad(name, 'a saved export stands alone; leave the other files out');
  if (json.vendor !== snapshot.vendor) throw bad(name, `it was saved from ${String(json.vendor)}`);
  if (
    typeof json.readAt !== 'string' ||
    Number.isNaN(Date.parse(json.readAt)) ||
    typeof json.parts !== 'object' ||
    json.parts === null
  )
    throw bad(name, 'it is not whole');
  snapshot.readAt = new Date(json.readAt).toISOString();
  for (const [part, records] of Object.entries(json.parts)) snapshot.parts[part] = listOf(records);
  snapshot.unread = listOf(json.unread).map((one) => ({ what: String(one.what), why: String(one.why) }));
}

/** `overrides-PI7DH85.json` → the list, and to what it belongs. Folders in front of the name do not count. */
export function partOf(name: string): { part: string; parent: string | undefined } {
  const bare = (name.split(/[\\/]/).at(-1) ?? '').replace(/\.json$/i, '');
  const [, part = bare, parent] = /^([a-zA-Z_]+)(?:[-.](.+))?$/.exec(bare) ?? [];
  return { part, parent };
}

function takeAnswers(snapshot: Snapshot, json: unknown, name: string): void {
  const vendor = vendorByName(snapshot.vendor);
  const { part, parent } = partOf(name);
  const known = Object.keys(vendor.parts).find((one) => one.toLowerCase() === part.toLowerCase());
  const found = typeof json === 'object' && json !== null ? vendor.recordsIn(json as Json, known) : undefined;
  if (!found) throw bad(name, `it is not an answer of ${vendor.title} that we know. Wanted: ${vendor.fileHelp}`);
  for (const [list, records] of Object.entries(found)) {
    const field = vendor.parts[list]?.parent;
    if (field && parent === undefined && records.some((record) => record[field] === undefined))
      throw bad(name, `it does not say to which ${field} it belongs: name it ${list}-<${field} id>.json`);
    const mine = records.map((record) => (field && parent !== undefined ? { [field]: parent, ...record } : record));
    snapshot.parts[list] = [...(snapshot.parts[list] ?? []), ...mine];
  }
}

/** What is written to a file for later. */
export const savedForm = (snapshot: Snapshot) => ({ evenkeelExport: 1, ...(scrub(snapshot) as Snapshot) });
