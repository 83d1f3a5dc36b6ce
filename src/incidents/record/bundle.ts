/** A whole incident as one file: a tar made while it is read, so that 50,000 entries take no more memory than 500. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { config, type Ctx, projectPath, tarEnd, tarHeader, tarPadding } from '#kernel';
import { headOver, signingKey } from '#security';
import { unveiled } from '#kernel';
import { detailOf } from '../detail.ts';
import { recordOf } from '../export.ts';
import { wire } from '../wire.ts';
import { BUNDLE_README, entriesInMarkdown, reportInMarkdown } from './markdown.ts';
import { GENESIS } from './model.ts';
import { headOf } from './queries.ts';
import { hashedOf } from './store.ts';

const FORMAT = 'evenkeel.incident-bundle/v1';
/** Entries read, hashed and sent at once. */
const AT_ONCE = 1000;

export interface BundleFile {
  /** Letters, digits, dots and dashes; unique within the incident. */
  name: string;
  data: Buffer;
}
type FileSource = (ctx: Ctx, incidentId: string) => AsyncIterable<BundleFile>;
const sources: FileSource[] = [];

/** Adds attached files to bundles, under `files/`. Call it once, where the module is loaded. */
export function bundleFiles(source: FileSource): void {
  sources.push(source);
}

interface Listed {
  path: string;
  bytes: number;
  sha256: string;
}

/** The parts of the archive, in order. Throws 404 before its first part. */
export async function* bundleOf(ctx: Ctx, idOrKey: string): AsyncGenerator<Buffer> {
  const detail = await detailOf(ctx, idOrKey);
  const [head, key, record] = await Promise.all([
    headOf(ctx, detail.id),
    signingKey(unveiled(ctx.db)),
    recordOf(ctx, detail),
  ]);
  const files: Listed[] = [];
  const file = (path: string, body: string | Buffer): Buffer => {
    const data = typeof body === 'string' ? Buffer.from(body) : body;
    files.push({ path, bytes: data.length, sha256: createHash('sha256').update(data).digest('hex') });
    return packed(path, data, ctx.now);
  };
  yield file('README.md', BUNDLE_README);
  yield file('incident-bundle.schema.json', readFileSync(projectPath('contract/incident-bundle.schema.json')));
  yield file('verify-record.mjs', readFileSync(projectPath('tools/verify-record.mjs')));
  const json = wire({ ...record, format: FORMAT, installation: config.publicUrl });
  yield file('incident.json', `${JSON.stringify(json, null, 1)}\n`);
  yield file('report.md', reportInMarkdown(ctx, detail, head.seq));
  let last = GENESIS;
  for (let part = 0; part * AT_ONCE < head.seq; part++) {
    const entries = await entriesFrom(ctx, detail.id, part * AT_ONCE, Math.min(head.seq, (part + 1) * AT_ONCE));
    const name = `timeline/${String(part + 1).padStart(5, '0')}`;
    yield file(`${name}.jsonl`, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    yield file(`${name}.md`, entriesInMarkdown(entries));
    last = entries.at(-1)?.hash ?? last;
  }
  for (const source of sources)
    for await (const { name, data } of source(ctx, detail.id)) yield file(`files/${name}`, data);
  const signed = await headOver(unveiled(ctx.db), `incident:${detail.id}`);
  yield file('heads.jsonl', signed ? `${JSON.stringify(signed)}\n` : '');
  const manifest = JSON.stringify(
    wire({
      format: FORMAT,
      installation: config.publicUrl,
      exportedAt: ctx.now,
      exportedBy: { id: ctx.actor.id, name: ctx.actor.name },
      incident: about(detail),
      // What the entries say, not what the head row says: a record that was cut is exported as it is, and found.
      timeline: { entries: head.seq, head: last },
      key: { id: key.id, algorithm: 'ed25519', publicKey: key.publicKey },
      files,
    }),
    null,
    1,
  );
  yield packed('manifest.json', Buffer.from(manifest), ctx.now);
  yield packed('manifest.sig', Buffer.from(`${key.sign(manifest)}\n`), ctx.now);
  yield tarEnd();
}

const packed = (path: string, data: Buffer, at: Date): Buffer =>
  Buffer.concat([tarHeader(path, data.length, at), data, tarPadding(data.length)]);

const about = (detail: Awaited<ReturnType<typeof detailOf>>) => ({
  id: detail.id,
  key: detail.key,
  title: detail.title,
  severity: detail.severity,
  phase: detail.phase,
  declaredAt: detail.times.declaredAt,
  restricted: detail.restricted,
  exercise: detail.exercise,
});

async function entriesFrom(ctx: Ctx, incidentId: string, after: number, to: number) {
  const rows = await ctx.db
    .selectFrom('incidents.timeline')
    .selectAll()
    .where('incidentId', '=', incidentId)
    .where('seq', '>', after)
    .where('seq', '<=', to)
    .orderBy('seq')
    .execute();
  return rows.map(hashedOf);
}
