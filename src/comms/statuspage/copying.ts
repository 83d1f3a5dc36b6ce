/** Copying the public site from a product to another place over HTTP, and bringing it the notices that were left there. */
import { z } from 'zod';
import { forgetNotices, waitingNotices } from '../notices/folder.ts';
import { digestOf, listSite, readServed, showNotices, writeSite, writtenAt } from './files.ts';

/** Every file of a site with the hash of its content, and when it was true. */
const manifest = z.object({
  page: z.string().max(500),
  writtenAt: z.number(),
  /** Notices in the record of the product: nobody else needs to keep them. */
  merged: z.array(z.string()).max(1000),
  files: z.record(z.string().regex(/^[a-z0-9][a-z0-9./-]{0,150}$/i), z.string().length(22)),
});
export type Manifest = z.infer<typeof manifest>;

const MOST_FILES = 5000;
/** Files asked for at the same time. */
const AT_ONCE = 8;
const MOST_BYTES = 4_000_000;

/** The manifest of the site in this folder, without what belongs to this place alone. */
export async function manifestOf(dir: string, page: string, merged: string[]): Promise<Manifest> {
  const files: Record<string, string> = {};
  for (const path of await listSite(dir)) {
    const served = await readServed(path, dir);
    if (served) files[path] = served.digest;
  }
  return { page, writtenAt: (await writtenAt(dir)) ?? 0, merged, files };
}

async function get(url: string, signal: AbortSignal): Promise<Response> {
  const answer = await fetch(url, {
    redirect: 'error',
    signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
  });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  if (Number(answer.headers.get('content-length') ?? 0) > MOST_BYTES) throw new Error(`${url} is too large`);
  return answer;
}

/** Copies what has changed. Throws when the product cannot be reached or what came is not what it announced. */
export async function copySite(from: string, dir: string, signal: AbortSignal): Promise<void> {
  const told = manifest.parse(await (await get(`${from}/status/site.json`, signal)).json());
  // What it has in its record is not brought again: it would stand there as if it were new.
  for (const { notice } of (await waitingNotices(dir)).filter((one) => !told.merged.includes(one.notice.id)))
    await fetch(`${from}/status/emergency`, {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(notice),
    });
  const paths = Object.keys(told.files);
  if (paths.length > MOST_FILES || paths.some((path) => path.includes('..')))
    throw new Error('what the product calls its site is not one');
  const files = new Map<string, string>();
  const take = async (path: string): Promise<string> => {
    const here = await readServed(path, dir);
    if (here && here.digest === told.files[path]) return here.body.toString('utf8');
    const text = await (await get(`${from}/status/site/${path}`, signal)).text();
    // Written again in this moment: the next round gets both new.
    if (digestOf(text) !== told.files[path]) throw new Error(`${path} changed while it was copied`);
    return text;
  };
  for (let at = 0; at < paths.length; at += AT_ONCE) {
    const part = paths.slice(at, at + AT_ONCE);
    const texts = await Promise.all(part.map(take));
    // In the order of the manifest: what leads to others comes last.
    part.forEach((path, n) => files.set(path, texts[n] as string));
  }
  // While a notice stands here, files differ from the product's on purpose and are fetched again: small, and rare.
  await writeSite(files, { page: told.page, at: told.writtenAt }, dir);
  const before = (await waitingNotices(dir)).length;
  await forgetNotices(told.merged, dir);
  if ((await waitingNotices(dir)).length < before) await showNotices(dir);
}
