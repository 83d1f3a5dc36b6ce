/** Reads every channel from outside while an incident is open, and says so when one shows something else (C6). */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Ctx, config, defineJob, egressFetch, Problem, readSetting } from '#kernel';
import { noteReadBack, type ReadBack } from '../commands/noteReadBack.ts';
import { publishedRevisions } from '../messages/store.ts';
import { isPublic } from '../messages/model.ts';
import { social } from '../settings.ts';
import { siteDir } from '../statuspage/files.ts';
import { BASE } from '../statuspage/read.ts';
import { type Read, readBluesky, readMastodon } from './networks.ts';

interface Shown {
  incidents?: { id: string; incident_updates?: { x_headline?: string; x_next_update_by?: string | null }[] }[];
}

/** The page as readers get it; where our own address may not be called, the file that is served. */
async function readPageJson(ctx: Ctx): Promise<Shown | { error: string }> {
  try {
    const answer = await egressFetch(ctx, `${config.publicUrl}${BASE}/api/v2/incidents.json`, {
      purpose: 'read-back',
      maxBytes: 4_000_000,
      timeoutMs: 8000,
    });
    return answer.status === 200 ? (JSON.parse(answer.text) as Shown) : { error: `the page answered ${answer.status}` };
  } catch (error) {
    if (!(error instanceof Problem) || error.rule === 'egress.failed') return { error: (error as Error).message };
    const text = await readFile(join(siteDir(), 'api/v2/incidents.json'), 'utf8').catch(() => null);
    return text === null ? { error: 'there is no page on disk' } : (JSON.parse(text) as Shown);
  }
}

async function pageOf(
  ctx: Ctx,
  publicId: string,
  expected: { headline: string; next: string | null },
): Promise<Pick<ReadBack, 'state' | 'detail'>> {
  const shown = await readPageJson(ctx);
  if ('error' in shown) return { state: 'unreachable', detail: shown.error };
  const [latest] = shown.incidents?.find(({ id }) => id === publicId)?.incident_updates ?? [];
  if (!latest) return { state: 'differs', detail: 'the incident is not on the page' };
  if (latest.x_headline !== expected.headline)
    return { state: 'differs', detail: `the page says “${latest.x_headline ?? ''}”` };
  if ((latest.x_next_update_by ?? null) !== expected.next)
    return { state: 'differs', detail: 'the page names another time for the next update' };
  return { state: 'same', detail: '' };
}

const compare = (read: Read, body: string): Pick<ReadBack, 'state' | 'detail'> => {
  if ('error' in read) return { state: 'unreachable', detail: read.error };
  if ('gone' in read) return { state: 'differs', detail: 'the post is gone' };
  const flat = (text: string) => text.replace(/\s+/g, ' ').trim();
  return flat(read.text) === flat(body)
    ? { state: 'same', detail: '' }
    : { state: 'differs', detail: `it says “${read.text.slice(0, 120)}”` };
};

/** Every channel of one open incident. */
async function readIncident(
  ctx: Ctx,
  { incidentId, publicId }: { incidentId: string; publicId: string },
): Promise<void> {
  const newest = (await publishedRevisions(ctx, incidentId)).filter(({ kind }) => isPublic(kind)).at(-1);
  if (!newest) return;
  const note = (channel: string, found: Pick<ReadBack, 'state' | 'detail'>) =>
    noteReadBack(ctx, { incidentId, revisionId: newest.id, channel, ...found });
  await note(
    'status_page',
    await pageOf(ctx, publicId, { headline: newest.fields.headline, next: newest.fields.nextUpdateBy }),
  );
  const accounts = await readSetting(ctx, social);
  const posts = await ctx.db
    .selectFrom('comms.posts')
    .selectAll()
    .where('revisionId', '=', newest.id)
    .where('state', '=', 'posted')
    .execute();
  for (const { channel, remoteId, body } of posts) {
    if (channel === 'mastodon' && accounts.mastodon)
      await note(channel, compare(await readMastodon(ctx, accounts.mastodon, remoteId ?? ''), body));
    if (channel === 'bluesky' && accounts.bluesky)
      await note(channel, compare(await readBluesky(ctx, accounts.bluesky, remoteId ?? ''), body));
  }
}

export const readBackJob = defineJob(
  'comms.readBack',
  z.object({}),
  async (ctx) => {
    const pages = await ctx.db
      .selectFrom('comms.incidentPages')
      .select(['incidentId', 'publicId'])
      .where('resolvedAt', 'is', null)
      .where('withdrawnAt', 'is', null)
      .where('exercise', '=', false)
      .orderBy('updatedAt', 'desc')
      .limit(50)
      .execute();
    for (const page of pages) await readIncident(ctx, page);
  },
  { every: 60_000 },
);
