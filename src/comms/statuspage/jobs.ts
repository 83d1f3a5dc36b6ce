/** Renders the public site: once per change by a job, and on every node beside it, whose copy is its own. */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { type Ctx, defineJob, enqueue, type House, log, processNow, sql } from '#kernel';
import { mergeNotice } from '../commands/mergeNotice.ts';
import { requestPushes } from '../copies/jobs.ts';
import { writePages } from '../pages/site.ts';
import { forgetNotices, waitingNotices } from '../notices/folder.ts';
import { mergedAmong } from '../notices/store.ts';
import { siteDir, writeSite, writtenAt } from './files.ts';
import { BASE, readPage, readSnapshot } from './read.ts';
import { renderSite } from './render/site.ts';

/** Which version of the site this process has on its disk. */
let mine: string | undefined;
let line: Promise<unknown> = Promise.resolve();

/** One rendering at a time in this process: an older one must not overtake a newer one. */
function inLine<T>(work: () => Promise<T>): Promise<T> {
  const result = line.then(work, work);
  line = result.catch(() => undefined);
  return result;
}

/** Changes with everything that is on the page; what it is called and looks like is not counted by the table. */
async function versionNow(ctx: Ctx): Promise<string> {
  const { version } = await ctx.db.selectFrom('comms.site').select('version').executeTakeFirstOrThrow();
  return `${version} ${JSON.stringify(await readPage(ctx))}`;
}

async function renderAs(ctx: Ctx, version: string): Promise<void> {
  const snapshot = await readSnapshot(ctx);
  await writeSite(renderSite(snapshot, { base: BASE }), { page: snapshot.page.url });
  await writePages(ctx);
  mine = version;
}

/** Reads, renders and writes the whole site of this node. */
export const renderNow = (ctx: Ctx): Promise<void> =>
  // The version is read before the content: a change in between makes one rendering too many, never one too few.
  inLine(async () => renderAs(ctx, await versionNow(ctx)));

/** The same, unless this node's copy is of the present version and young: a change is rendered once here, whoever sees it first. */
const renderIfBehind = (ctx: Ctx): Promise<void> =>
  inLine(async () => {
    const version = await versionNow(ctx);
    const at = await writtenAt();
    if (at === undefined || processNow() - at > REFRESH_MS || version !== mine) await renderAs(ctx, version);
  });

export const renderStatusPage = defineJob('comms.renderStatusPage', z.object({}), async (ctx) => {
  // The change is committed by now, so the other nodes see it when they see the number.
  await ctx.db
    .updateTable('comms.site')
    .set({ version: sql<string>`version + 1`, changedAt: ctx.now })
    .execute();
  await renderIfBehind(ctx);
  await requestPushes(ctx);
});

/** Has the page written again soon. Many changes at once make one rendering; two renderings never overlap. */
export const requestRender = (ctx: Ctx): Promise<void> =>
  enqueue(ctx, renderStatusPage, {}, { key: 'comms.render', queue: 'comms.render' });

/** Takes the notices that were left beside this node's files into the record, and forgets the files. */
export async function mergeWaiting(ctx: Ctx, dir = siteDir()): Promise<number> {
  const waiting = await waitingNotices(dir);
  const done: string[] = [];
  for (const { notice } of waiting) {
    try {
      await mergeNotice(ctx, { notice });
      done.push(notice.id);
    } catch (error) {
      ctx.log.warn({ notice: notice.id, error: (error as Error).message }, 'a notice was not taken into the record');
    }
  }
  if (done.length === 0) return 0;
  // The page is written with them from the record before their files go: they are never missing from it.
  await renderNow(ctx);
  await forgetNotices(await mergedAmong(ctx.db, done), dir);
  await renderNow(ctx);
  return done.length;
}

const LOOK_MS = 2000;
/** An unchanged page is written again so often, so that its “as of” stays true. */
const REFRESH_MS = 5 * 60_000;

/** Keeps this node's copy of the site new, and takes in what was announced while the product was away. */
export function keepSite(house: House): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const once = async () => {
    const ctx = await house.ctx(house.system('comms.keepSite'));
    if ((await mergeWaiting(ctx)) === 0) await renderIfBehind(ctx);
  };
  const going = (async () => {
    let failing = false;
    while (!stopping.signal.aborted) {
      try {
        await once();
        failing = false;
      } catch (error) {
        if (!failing)
          log.warn({ error: (error as Error).message }, 'the status page cannot be written; it shows its age');
        failing = true;
      }
      await sleep(LOOK_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    stop: async () => {
      stopping.abort();
      await going;
    },
  };
}
