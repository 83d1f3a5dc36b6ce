/** Renders the public site to disk: after every change, and every five minutes so that its “as of” stays true. */
import { z } from 'zod';
import { type Ctx, defineJob, enqueue } from '#kernel';
import { writeSite } from './files.ts';
import { BASE, readSnapshot } from './read.ts';
import { renderSite } from './render/site.ts';

/** Reads, renders and writes the whole site. */
export async function renderNow(ctx: Ctx): Promise<void> {
  await writeSite(renderSite(await readSnapshot(ctx), BASE));
}

export const renderStatusPage = defineJob('comms.renderStatusPage', z.object({}), (ctx) => renderNow(ctx));
export const refreshStatusPage = defineJob('comms.refreshStatusPage', z.object({}), (ctx) => renderNow(ctx), {
  every: 5 * 60_000,
});

/** Has the page written again soon. Many changes at once make one rendering; two renderings never overlap. */
export const requestRender = (ctx: Ctx): Promise<void> =>
  enqueue(ctx, renderStatusPage, {}, { key: 'comms.render', queue: 'comms.render' });
