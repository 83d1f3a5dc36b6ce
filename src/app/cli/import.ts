/** `evenkeel import <vendor>`: reads another pager, shows what would change, and carries it over when told to. */
import { lstatSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ImportPlan, ImportSummary, ImportVendor, ImportView } from '#contract/programme';
import { config, Problem } from '#kernel';
import { openReader } from '../../programme/imports/reader.ts';
import { MOST_CHARACTERS, MOST_FILES, savedForm } from '../../programme/imports/snapshot.ts';
import { vendorByName } from '../../programme/imports/vendors/index.ts';
import { countsText, exitCodeOf, outcomeText, planText } from './import-words.ts';
import { say, sayJson } from './say.ts';

export interface ImportOptions {
  baseUrl?: string;
  keyFile?: string;
  from?: string;
  save?: string;
  apply?: boolean;
  overwrite?: string[];
  sendInvitations?: boolean;
  all?: boolean;
  json?: boolean;
}

const PIECE = 600_000;
const refuse = (title: string, detail: string) => new Problem(422, title, { rule: 'imports.options', detail });

export async function importCommand(vendor: ImportVendor, options: ImportOptions): Promise<void> {
  if (options.save) return save(vendor, options, options.save);
  const started = options.from ? await sendFiles(vendor, options.from) : await startReading(vendor, options);
  const read = await wait(started.id, options);
  if (read.state === 'failed' || read.state === 'stopped' || !read.plan) return failed(read, options);
  if (!options.apply) return dryRun(read, read.plan, options);
  await call('POST', `/api/v1/imports/${read.id}/apply`, {
    overwrite: options.overwrite ?? [],
    sendInvitations: options.sendInvitations ?? false,
  });
  const done = await wait(read.id, options);
  if (done.state === 'failed') return failed(done, options);
  process.exitCode = exitCodeOf(done, true);
  if (options.json) return sayJson({ ok: process.exitCode === 0, applied: true, ...done });
  say(outcomeText(done));
  say(`\nNow: ${done.plan ? countsText(done.plan.counts) : 'done'}.`);
}

function dryRun(view: ImportView, plan: ImportPlan, options: ImportOptions): void {
  process.exitCode = exitCodeOf(view, false);
  if (options.json) return sayJson({ ok: process.exitCode === 0, applied: false, ...view });
  say(`${view.vendorTitle} (${view.source}). A dry run: nothing is changed.`);
  say(planText(plan, options.all));
  if (process.exitCode === 2) say('\nTo carry it over, run the same again with --apply.');
}

function failed(view: ImportSummary, options: ImportOptions): void {
  process.exitCode = 1;
  if (options.json) return sayJson({ ok: false, ...view, plan: null });
  process.stderr.write(`${view.problem ?? 'The reading stopped. Start it again.'}\n`);
}

// ---------------------------------------------------------------- the key

/** Never as an argument: other people see the arguments of a running program. */
async function keyOf(vendor: ImportVendor, options: ImportOptions): Promise<string> {
  const given =
    options.keyFile === '-'
      ? readFileSync(0, 'utf8')
      : options.keyFile
        ? readFileSync(options.keyFile, 'utf8')
        : process.env.EVENKEEL_IMPORT_KEY;
  if (given?.trim()) return given.trim();
  const { title, keyHelp } = vendorByName(vendor);
  if (!process.stdin.isTTY)
    throw refuse(
      `The API key of ${title} is needed`,
      `Put it into EVENKEEL_IMPORT_KEY, or into a file for --key-file. ${keyHelp}`,
    );
  const { isCancel, password } = await import('@clack/prompts');
  const typed = await password({ message: `API key of ${title} (${keyHelp})` });
  if (isCancel(typed) || !typed.trim()) throw refuse('No key was given', 'Nothing was read.');
  return typed.trim();
}

// ---------------------------------------------------------------- over the API

export async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`${config.publicUrl}${path}`, {
    method,
    headers: {
      ...(config.apiToken ? { authorization: `Bearer ${config.apiToken}` } : {}),
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    body: body ? JSON.stringify(body) : null,
  }).catch((error: Error) => {
    throw refuse(
      `${config.publicUrl} does not answer`,
      `${(error.cause as Error | undefined)?.message ?? error.message}. Is it running? EVENKEEL_URL says where.`,
    );
  });
  const text = await answer.text();
  const json = text ? JSON.parse(text) : {};
  if (answer.ok) return json as T;
  const fields = (json.errors ?? []).map(
    (error: { path: string; message: string }) => `${error.path}: ${error.message}`,
  );
  throw new Problem(answer.status, json.title ?? `The product answered ${answer.status}`, {
    rule: json.rule,
    detail: [json.detail, ...fields].filter(Boolean).join('. '),
  });
}

async function startReading(vendor: ImportVendor, options: ImportOptions): Promise<ImportSummary> {
  const key = await keyOf(vendor, options);
  return call('POST', '/api/v1/imports', { vendor, key, ...(options.baseUrl ? { baseUrl: options.baseUrl } : {}) });
}

/** Files go up in pieces, because a request of the API is small. */
async function sendFiles(vendor: ImportVendor, path: string): Promise<ImportSummary> {
  const files = filesAt(path);
  const started = await call<ImportSummary>('POST', '/api/v1/imports', { vendor });
  let latest = started;
  for (const [f, { name, text }] of files.entries()) {
    const pieces = Math.max(1, Math.ceil(text.length / PIECE));
    for (let part = 0; part < pieces; part++)
      latest = await call('POST', `/api/v1/imports/${started.id}/files`, {
        name,
        part,
        text: text.slice(part * PIECE, (part + 1) * PIECE),
        last: f === files.length - 1 && part === pieces - 1,
      });
  }
  return latest;
}

/** A file, or the *.json of a folder and its subfolders. Links are not followed and devices not read (bad-input row 87). */
export function filesAt(path: string): { name: string; text: string }[] {
  if (statSync(path).isFile()) return [{ name: basename(path), text: readFileSync(path, 'utf8') }];
  const found = readdirSync(path, { recursive: true, withFileTypes: true })
    .filter(
      (entry) => entry.name.toLowerCase().endsWith('.json') && lstatSync(join(entry.parentPath, entry.name)).isFile(),
    )
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  if (found.length === 0) throw refuse(`${path} has no .json file`, vendorFileHint);
  if (found.length > MOST_FILES)
    throw refuse(
      `${found.length} files; at most ${MOST_FILES}`,
      'Leave out alerts and incidents: they are not carried over.',
    );
  const size = found.reduce((sum, file) => sum + statSync(file).size, 0);
  if (size > MOST_CHARACTERS)
    throw refuse('These files are too large', `At most ${MOST_CHARACTERS / 1024 / 1024} MiB together.`);
  return found.map((file) => ({
    name: file
      .slice(path.length)
      .replace(/^[\\/]/, '')
      .slice(0, 200),
    text: readFileSync(file, 'utf8'),
  }));
}

const vendorFileHint = 'It wants the answers of the vendor’s API as they were fetched, or what --save wrote.';

/** Waits until it is read or carried over; how far it is goes to standard error. */
async function wait(id: string, options: ImportOptions): Promise<ImportView> {
  const shows = !options.json && process.stderr.isTTY;
  let said = '';
  for (let pause = 100; ; pause = Math.min(2000, pause * 1.5)) {
    const view = await call<ImportView>('GET', `/api/v1/imports/${id}`);
    if (!['waiting', 'reading', 'applying'].includes(view.state)) {
      if (shows && said) process.stderr.write('\r\u001b[K');
      return view;
    }
    const { stage, done, total } = view.progress;
    const now = `${view.state === 'applying' ? 'Carrying over' : 'Reading'}: ${stage} ${done}${total ? ` of ${total}` : ''}`;
    if (shows) process.stderr.write(`\r\u001b[K${now}`);
    else if (!options.json && stage !== said) process.stderr.write(`${now}\n`);
    said = stage || said;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

// ---------------------------------------------------------------- without the product

/** Reads here and writes what was read to a file, for a product that cannot reach the vendor. */
async function save(vendor: ImportVendor, options: ImportOptions, file: string): Promise<void> {
  const { title, base: usual, headers, read } = vendorByName(vendor);
  const base = options.baseUrl ?? usual;
  if (!base) throw refuse(`${title} has no usual address`, 'Give it with --base-url.');
  const key = await keyOf(vendor, options);
  const now = new Date(performance.timeOrigin + performance.now());
  const reader = openReader({
    vendor: title,
    base,
    headers: headers(key),
    now,
    tell: ({ stage, done, total }) =>
      options.json || void process.stderr.write(`${stage} ${done}${total ? ` of ${total}` : ''}\n`),
    call: async (url, request) => {
      const answer = await fetch(url, { ...request, redirect: 'manual', signal: AbortSignal.timeout(60_000) });
      return { status: answer.status, headers: Object.fromEntries(answer.headers), text: await answer.text() };
    },
  });
  const snapshot = savedForm({ vendor, readAt: now.toISOString(), ...(await read(reader)) });
  // It holds names, addresses and numbers of people.
  writeFileSync(file, JSON.stringify(snapshot, null, 1), { mode: 0o600, flag: 'wx' });
  const records = Object.entries(snapshot.parts).map(([part, list]) => `${list.length} ${part}`);
  if (options.json)
    return sayJson({
      ok: true,
      file,
      records: Object.fromEntries(Object.entries(snapshot.parts).map(([part, list]) => [part, list.length])),
    });
  say(
    `${file}: ${records.join(', ')}. It holds no keys, but names and numbers of people.\nCarry it over with: evenkeel import ${vendor} --from ${file}`,
  );
}
