/** Pushing the site to a place of its own: what has changed since the last push, tried again until it stands there. */
import { type Ctx, config as house, log } from '#kernel';
import { digestOf } from '../statuspage/files.ts';
import { BASE, readSnapshot } from '../statuspage/read.ts';
import { renderSite } from '../statuspage/render/site.ts';
import { notePush } from '../commands/notePush.ts';
import { difference, READ_BACK, saidOf } from './model.ts';
import { placeOf } from './places/index.ts';
import { copyById, type CopyRow, targetOf } from './store.ts';

/** Files that only a server of ours has a use for. */
const OURS = /^(?:said|emergency)\/|(?:^|\/)index\.(?:stale|notice)\.html$|^languages$/;

/** Path of an address, for links inside the copy: empty at the root of a host. */
const baseOf = (url: string | null) => (url ? new URL(url).pathname.replace(/\/+$/, '') : '');

/** The site as it should stand there: its links lead to this place, its forms to the product. */
export async function filesFor(ctx: Ctx, { url, kind }: Pick<CopyRow, 'url' | 'kind'>): Promise<Map<string, string>> {
  const snapshot = await readSnapshot(ctx);
  const forms = house.publicUrl + BASE;
  const shown = { ...snapshot, page: { ...snapshot.page, url: url ?? snapshot.page.url } };
  const place = placeOf(kind);
  const files = new Map<string, string>();
  for (const [path, text] of renderSite(shown, { base: baseOf(url), forms })) {
    if (path === 'said/gone.html') files.set('404.html', text);
    else if (!OURS.test(path)) files.set(place.named?.(path) ?? path, text);
  }
  return files;
}

/** What the site says now, to be compared with what is read back. */
export const saidBy = (files: Map<string, string>): string => saidOf(files.get(READ_BACK) ?? '')?.said ?? '';

/** Pushes once. The outcome stands in the row; never throws for what the place did. */
export async function pushOnce(ctx: Ctx, id: string): Promise<void> {
  const row = await copyById(ctx, id);
  if (!row) return;
  const files = await filesFor(ctx, row);
  const digests = new Map([...files].map(([path, text]) => [path, { digest: digestOf(text) }]));
  const { write, remove } = difference(row.pushed, digests);
  try {
    await placeOf(row.kind).push(ctx, targetOf(row), {
      write: new Map(write.map((path) => [path, files.get(path) as string])),
      remove,
      all: new Set(files.keys()),
    });
  } catch (error) {
    const words = (error as Error).message.slice(0, 500);
    if (row.failingSince === null) log.warn({ copy: row.name, error: words }, 'the status page could not be pushed');
    // What arrived before it failed is not known: the next try writes all of it again.
    return notePush(ctx, { id, error: words });
  }
  if (row.failingSince !== null) log.info({ copy: row.name }, 'the status page can be pushed again');
  await notePush(ctx, {
    id,
    pushed: Object.fromEntries([...digests].map(([path, { digest }]) => [path, digest])),
    said: saidBy(files),
  });
}
