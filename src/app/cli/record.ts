/** `evenkeel verify`, `evenkeel export`, `evenkeel import bundle`: the record on its way out, checked, and in. */
import { createReadStream, createWriteStream, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { config, Problem } from '#kernel';
import { main } from '../../../tools/verify-record.mjs';
import { say, sayJson } from './say.ts';

interface VerifyOptions {
  anchors?: string;
  key?: string;
  json?: boolean;
}

/** Reads nothing but the file: neither a database nor a running product. */
export function verifyRecordCommand(file: string, { anchors, key, json }: VerifyOptions): void {
  const args = [file, ...(anchors ? ['--anchors', anchors] : []), ...(key ? ['--key', key] : [])];
  process.exitCode = main(json ? [...args, '--json'] : args);
}

const asked = (): Record<string, string> => (config.apiToken ? { authorization: `Bearer ${config.apiToken}` } : {});

async function refused(answer: Response): Promise<never> {
  const problem = (await answer.json().catch(() => ({}))) as {
    title?: string;
    detail?: string;
    errors?: { message: string }[];
  };
  const detail = [problem.detail, ...(problem.errors ?? []).map(({ message }) => `  ${message}`)]
    .filter(Boolean)
    .join('\n');
  throw new Problem(answer.status, problem.title ?? `${config.publicUrl} answered ${answer.status}`, {
    rule: 'cli',
    detail,
  });
}

const reach = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${config.publicUrl}${path}`, { ...init, headers: { ...asked(), ...(init.headers as object) } }).catch(
    (error: Error) => {
      throw new Error(
        `${config.publicUrl} does not answer (${error.message}). Is it running? EVENKEEL_URL says where.`,
      );
    },
  );

async function download(path: string, out: string, json: boolean | undefined): Promise<void> {
  const answer = await reach(path);
  if (!answer.ok || !answer.body) return refused(answer);
  await pipeline(Readable.fromWeb(answer.body as never), createWriteStream(out, { flags: 'wx', mode: 0o600 }));
  const { size } = statSync(out);
  if (json) sayJson({ file: out, bytes: size });
  else say(`${out}, ${size} bytes. Check it: evenkeel verify ${out}`);
}

/** Writes the bundle of one incident; never over a file that is there. */
export const exportIncidentCommand = (incident: string, options: { out?: string; json?: boolean }): Promise<void> =>
  download(
    `/api/v1/incidents/${encodeURIComponent(incident)}/bundle`,
    options.out ?? `${incident.replaceAll(/[^\w-]/g, '')}.tar`,
    options.json,
  );

/** Writes the audit log as JSON lines. */
export const exportAuditCommand = (options: { out?: string; json?: boolean }): Promise<void> =>
  download('/api/v1/audit/export', options.out ?? 'audit.jsonl', options.json);

/** Takes a bundle of another installation into this one. */
export async function importBundleCommand(file: string, options: { json?: boolean }): Promise<void> {
  const answer = await reach('/api/v1/imported-records', {
    method: 'POST',
    headers: { 'content-type': 'application/x-tar', 'content-length': String(statSync(file).size) },
    body: Readable.toWeb(createReadStream(file)) as never,
    duplex: 'half',
  } as RequestInit);
  if (!answer.ok) return refused(answer);
  const record = (await answer.json()) as {
    id: string;
    key: string;
    origin: string;
    entries: number;
    keyKnown: boolean;
  };
  if (options.json) return sayJson(record);
  const known = record.keyKnown ? 'a key that is known here' : 'a key that nobody here has named as theirs yet';
  say(`${record.key} of ${record.origin} is here as ${record.id}: ${record.entries} entries, signed by ${known}.`);
}
