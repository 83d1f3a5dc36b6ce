/** Status pages of two suppliers, as if they had been read. Their addresses lead nowhere, so they are not read by themselves. */
import { newId } from '#kernel';
import type { Stage } from './stage.ts';

const MINUTE = 60_000;
const YEARS = 10 * 366 * 86_400_000;

const pages = [
  {
    slug: 'paybridge',
    url: 'https://status.paybridge.example',
    state: 'degraded',
    description: 'Minor Service Outage',
  },
  {
    slug: 'cloudnorth',
    url: 'https://status.cloudnorth.example',
    state: 'operational',
    description: 'All Systems Operational',
  },
] as const;

/** What PayBridge says just now. */
const report = {
  ref: 'pb-demo',
  title: 'Card payments: more refusals than usual',
  impact: 'minor' as const,
  status: 'identified',
  said: 'One of our acquirers answers slowly. We are moving traffic away from it.',
  components: ['Card payments'],
  url: null,
  endedAt: null,
};

/** Writes addresses, states and the one report. */
export async function showPages(stage: Stage): Promise<void> {
  for (const { slug, url, state, description } of pages) {
    const party = await stage.db
      .selectFrom('catalog.services')
      .select('id')
      .where('slug', '=', slug)
      .executeTakeFirst();
    if (!party) continue;
    const serviceId = party.id;
    await stage.db
      .updateTable('catalog.thirdParties')
      .set({ statusUrl: url })
      .where('serviceId', '=', serviceId)
      .execute();
    await stage.db
      .insertInto('signals.supplierFeeds')
      .values({
        ...{ serviceId, statusUrl: url, feedUrl: `${url}/api/v2/summary.json`, format: 'statuspage', etag: null },
        ...{ state, description, checkedAt: stage.now, nextAt: new Date(stage.now.getTime() + YEARS), problem: null },
      })
      .execute();
    if (state !== 'degraded') continue;
    const at = { startedAt: new Date(stage.now.getTime() - 25 * MINUTE), seenAt: stage.now, updatedAt: stage.now };
    await stage.db
      .insertInto('signals.supplierReports')
      .values({ id: newId('srp'), serviceId, ...report, ...at })
      .execute();
  }
}
