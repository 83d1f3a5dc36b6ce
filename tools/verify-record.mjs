#!/usr/bin/env node
/**
 * Verifies what Evenkeel exported, without Evenkeel: one file, no package, no database, any Node from version 18.
 *
 *   node verify-record.mjs FILE [--anchors PATH] [--key ID] [--json]
 *
 * FILE     a bundle of an incident (.tar) or an export of the audit log (.jsonl), either also gzipped
 * PATH     heads that were kept outside: a folder of head-*.json, or a file with one head per line
 * ID       the id of the installation's key as you know it from elsewhere (at least its first 16 characters)
 *
 * Exit: 0 nothing is wrong; 1 something was changed; 2 the file cannot be read. Every rule stands in docs/operate/record.md.
 */
import { createHash, createPublicKey, verify as verifySignature } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const GENESIS = '0'.repeat(64);
const sha256 = (data) => createHash('sha256').update(data).digest('hex');

/** JSON with sorted names and no spaces; the same value gives the same bytes everywhere. */
export function canonical(value) {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item === undefined ? null : item)).join(',')}]`;
  const names = Object.keys(value).sort();
  const members = names.filter((name) => value[name] !== undefined);
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`;
}

const linkOf = (previous, entry) => sha256(`${previous}\n${canonical(entry)}`);

function signedBy(publicKey, text, signature) {
  try {
    return verifySignature(null, Buffer.from(text), createPublicKey(publicKey), Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}

function keyIdOf(publicKey) {
  try {
    return sha256(createPublicKey(publicKey).export({ type: 'spki', format: 'der' }));
  } catch {
    return '';
  }
}

/** Plain files of a tar archive; throws when it was cut. */
function readTar(archive) {
  const files = new Map();
  for (let at = 0; ;) {
    const header = archive.subarray(at, at + 512);
    if (header.length < 512) throw new Error('the archive ends too early');
    if (header.every((byte) => byte === 0)) return files;
    const text = (from, to) => header.toString('latin1', from, to).split('\0')[0].trim();
    const bytes = Number.parseInt(text(124, 136), 8);
    if (text(257, 262) !== 'ustar' || !(bytes >= 0)) throw new Error('this is no tar archive');
    const body = archive.subarray(at + 512, at + 512 + bytes);
    if (body.length < bytes) throw new Error('the archive ends too early');
    if (files.has(text(0, 100))) throw new Error(`${text(0, 100)} is in the archive twice`);
    files.set(text(0, 100), body);
    at += 512 + bytes + ((512 - (bytes % 512)) % 512);
  }
}

/** Walks a chain: numbers without a gap, each linked to the one before, each hash computed again. */
function walk(entries, problems, say) {
  const hashes = [GENESIS];
  let seq = 0;
  let withheld = 0;
  for (const { prevHash, hash, ...entry } of entries) {
    seq += 1;
    if (entry.seq !== seq) {
      problems.push(`${say} ${seq} is missing: ${entry.seq} stands in its place`);
      seq = entry.seq;
    } else if (prevHash !== hashes.at(-1)) problems.push(`${say} ${seq} does not follow the one before it`);
    if (entry.withheld === true) withheld += 1;
    else if (linkOf(prevHash, entry) !== hash) problems.push(`${say} ${seq} was changed after it was written`);
    hashes[seq] = hash;
  }
  return { hashes, last: seq, withheld };
}

/** Heads signed by the key: of one chain, each must stand in the chain that is here. */
function checkHeads(lines, key, chain, walked, problems, where) {
  let found = 0;
  let before;
  const statements = [];
  for (const line of lines) {
    if (!signedBy(key.publicKey, line.statement, line.signature)) {
      problems.push(`a head ${where} is not signed by the key ${key.id.slice(0, 16)}`);
      continue;
    }
    statements.push({ hash: sha256(line.statement), ...JSON.parse(line.statement) });
  }
  statements.sort((a, b) => a.number - b.number);
  for (const head of statements) {
    if (before && head.number === before.number + 1 && head.previous !== before.hash)
      problems.push(`head ${head.number} ${where} does not follow head ${before.number}`);
    if (before && head.number === before.number && head.hash !== before.hash)
      problems.push(`head ${head.number} ${where} was signed twice, for different records`);
    before = head;
    const own = head.chains.find((one) => one.chain === chain);
    if (!own) continue;
    found += 1;
    if (own.seq > walked.last)
      problems.push(
        `the end is missing: on ${head.at} it reached ${own.seq} (head ${head.number} ${where}), here ${walked.last}`,
      );
    else if (walked.hashes[own.seq] !== own.hash)
      problems.push(`it was written again before ${own.seq}: head ${head.number} ${where} of ${head.at} does not fit`);
  }
  return found;
}

function checkKey(key, wanted, problems, notes) {
  if (keyIdOf(key?.publicKey ?? '') !== key?.id) problems.push('the id of the key is not that of the key');
  if (wanted === undefined)
    notes.push(`signed by the key ${String(key?.id).slice(0, 16)}: compare it with what you know`);
  else if (wanted.length < 16 || !String(key?.id).startsWith(wanted)) problems.push('it is signed by another key');
}

const lines = (text) =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

/** Checks a bundle of an incident. */
export function verifyBundle(archive, { anchors = [], key: wanted } = {}) {
  const problems = [];
  const notes = [];
  const files = readTar(archive);
  const text = (path) => files.get(path)?.toString('utf8') ?? '';
  if (!files.has('manifest.json') || !files.has('manifest.sig')) throw new Error('it has no signed manifest');
  const manifest = JSON.parse(text('manifest.json'));
  const { key, incident } = manifest;
  checkKey(key, wanted, problems, notes);
  if (!signedBy(key.publicKey, text('manifest.json'), text('manifest.sig').trim()))
    problems.push('the signature does not fit the manifest');
  const listed = new Set(['manifest.json', 'manifest.sig']);
  for (const { path, bytes, sha256: expected } of manifest.files) {
    listed.add(path);
    const file = files.get(path);
    if (!file) problems.push(`${path} is missing`);
    else if (file.length !== bytes || sha256(file) !== expected) problems.push(`${path} was changed`);
  }
  for (const path of files.keys()) if (!listed.has(path)) problems.push(`${path} was added`);
  const parts = [...files.keys()].filter((path) => /^timeline\/\d+\.jsonl$/.test(path)).sort();
  const entries = parts.flatMap((path) => lines(text(path)));
  const walked = walk(entries, problems, 'entry');
  checkEntries(entries, incident.id, problems);
  if (walked.last !== manifest.timeline.entries || (walked.hashes[walked.last] ?? GENESIS) !== manifest.timeline.head)
    problems.push(`the record ends at ${walked.last}, the manifest says ${manifest.timeline.entries}`);
  const chain = `incident:${incident.id}`;
  checkHeads(lines(text('heads.jsonl')), key, chain, walked, problems, 'in the bundle');
  const outside = checkHeads(anchors, key, chain, walked, problems, 'kept outside');
  return verdict('bundle', `${incident.key}: ${incident.title}`, walked, outside, anchors, problems, notes);
}

function checkEntries(entries, incidentId, problems) {
  let before = '';
  for (const entry of entries) {
    if (entry.withheld === true) continue;
    if (entry.incidentId !== incidentId) problems.push(`entry ${entry.seq} is of another incident`);
    if (entry.recordedAt < before) problems.push(`entry ${entry.seq} was recorded before the one before it`);
    if (entry.corrects !== null && entry.corrects >= entry.seq)
      problems.push(`entry ${entry.seq} corrects a later one`);
    if (Date.parse(entry.occurredAt) > Date.parse(entry.recordedAt) + 60_000)
      problems.push(`entry ${entry.seq} tells of the future`);
    before = entry.recordedAt;
  }
}

/** Checks an export of the audit log. */
export function verifyAudit(file, { anchors = [], key: wanted } = {}) {
  const problems = [];
  const notes = [];
  const all = lines(file);
  const { key } = all[0];
  checkKey(key, wanted, problems, notes);
  const of = (name) => all.flatMap((line) => (line[name] === undefined ? [] : [line[name]]));
  const entries = of('entry');
  const walked = walk(entries, problems, 'entry');
  const [end] = of('end');
  if (!end || !signedBy(key.publicKey, end.statement, end.signature)) problems.push('its end is not signed');
  else {
    const { seq, hash } = JSON.parse(end.statement);
    if (seq !== walked.last || hash !== (walked.hashes[walked.last] ?? GENESIS))
      problems.push(`the log ends at ${walked.last}, what was signed says ${seq}`);
  }
  checkPeople(entries, of('person'), problems);
  checkHeads(of('head'), key, 'audit', walked, problems, 'in the file');
  const outside = checkHeads(anchors, key, 'audit', walked, problems, 'kept outside');
  return verdict('audit', 'audit log', walked, outside, anchors, problems, notes);
}

/** The directory must name people as the log last did: else somebody else would stand for what was done. */
function checkPeople(entries, people, problems) {
  const told = new Map();
  for (const entry of entries) {
    if (entry.withheld === true) continue;
    const renamed = entry.action?.startsWith('security.') && entry.after?.name;
    if (entry.actorKind === 'user') told.set(entry.actorId, entry.actorName);
    if (renamed && entry.subject) told.set(entry.subject, entry.after.name);
  }
  const now = new Map(people.map(({ id, name }) => [id, name]));
  for (const [id, name] of told)
    if (id.startsWith('usr_') && now.get(id) !== name)
      problems.push(`the directory calls ${id} “${now.get(id) ?? 'nobody'}”, the log knows “${name}”`);
}

function verdict(kind, about, walked, outside, anchors, problems, notes) {
  if (walked.withheld > 0)
    notes.push(`${walked.withheld} entries are withheld: their place is checked, not their content`);
  if (anchors.length === 0)
    notes.push('no heads from outside were given: a tail that was cut and signed again would not show (--anchors)');
  else if (outside === 0) notes.push('none of the heads from outside is about this record');
  return { ok: problems.length === 0, kind, about, entries: walked.last, anchors: outside, problems, notes };
}

/** Heads from a folder of head-*.json or a file with one per line; also as a webhook received them. */
export function readAnchors(path) {
  const texts = statSync(path).isDirectory()
    ? readdirSync(path)
        .filter((name) => name.endsWith('.json'))
        .sort()
        .map((name) => readFileSync(join(path, name), 'utf8'))
    : [readFileSync(path, 'utf8')];
  return texts.flatMap(lines).map((line) => line.data ?? line);
}

/** Checks a file of either kind. */
export function verifyFile(path, options = {}) {
  const bytes = readFileSync(path);
  const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
  return plain[0] === 0x7b ? verifyAudit(plain.toString('utf8'), options) : verifyBundle(plain, options);
}

/** Reads the arguments, says what was found. */
export function main(args) {
  const option = (name) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
  const file = args.find((arg, i) => !arg.startsWith('--') && !['--anchors', '--key'].includes(args[i - 1]));
  if (!file) {
    console.error('Usage: verify-record.mjs FILE [--anchors PATH] [--key ID] [--json]');
    return 2;
  }
  try {
    const anchors = option('--anchors') ? readAnchors(option('--anchors')) : [];
    const found = verifyFile(file, { anchors, key: option('--key') });
    if (args.includes('--json')) console.log(JSON.stringify(found));
    else {
      console.log(found.ok ? `Whole: ${found.about}, ${found.entries} entries` : `CHANGED: ${found.about}`);
      for (const problem of found.problems.slice(0, 50)) console.log(`  ${problem}`);
      for (const note of found.notes) console.log(`  (${note})`);
    }
    return found.ok ? 0 : 1;
  } catch (error) {
    if (args.includes('--json')) console.log(JSON.stringify({ ok: false, problems: [error.message] }));
    else console.error(`It cannot be read: ${error.message}`);
    return 2;
  }
}

if (process.argv[1] && fileURLToPath(import.meta.url) === process.argv[1])
  process.exitCode = main(process.argv.slice(2));
