/** Browsers that have asked for push: read from what they send, kept sealed, found by their address. */
import { z } from 'zod';
import { checkUrl, type Ctx, type Db, invalid, isId, keyedHash, seal, unseal } from '#kernel';
import { headerText } from '../model.ts';
import type { PushSubscriptionRow } from '../store.ts';
import { areKeys } from './encrypt.ts';

/** `PushSubscription.toJSON()`, and how the person tells this browser from their others. */
const shape = z.object({
  endpoint: z.string().max(2000),
  keys: z.object({ p256dh: z.string().max(200), auth: z.string().max(100) }),
  browser: z.string().trim().max(60).default(''),
});
export type Browser = z.infer<typeof shape>;

const place = (id: string) => `channels.push_subscriptions:${id}`;
export const hashOf = (endpoint: string) => keyedHash('channels.push', endpoint);

/** What a browser sent. Throws 422 for what is none, and for an address that may not be called. */
export function readBrowser(typed: string): Browser {
  let value: unknown;
  try {
    value = JSON.parse(typed);
  } catch {
    value = undefined;
  }
  const parsed = shape.safeParse(value);
  if (!parsed.success || !areKeys(parsed.data.keys))
    throw invalid('This is not a browser’s subscription', 'channels.push', [
      { path: 'value', message: 'switch push on with the button; it cannot be typed' },
    ]);
  checkUrl(parsed.data.endpoint);
  return { ...parsed.data, browser: headerText(parsed.data.browser) || 'A browser' };
}

/** The columns that hold a browser. */
export const sealedBrowser = (id: string, { endpoint, keys }: Browser) => ({
  endpointHash: hashOf(endpoint),
  sealed: seal(JSON.stringify({ endpoint, keys }), place(id)),
  host: new URL(endpoint).host,
});

export const openBrowser = (row: Pick<PushSubscriptionRow, 'id' | 'sealed'>): Omit<Browser, 'browser'> =>
  JSON.parse(unseal(row.sealed, place(row.id))) as Omit<Browser, 'browser'>;

export const subscriptionById = async (db: Db, id: string): Promise<PushSubscriptionRow | undefined> =>
  isId('psh', id)
    ? db.selectFrom('channels.pushSubscriptions').selectAll().where('id', '=', id).executeTakeFirst()
    : undefined;

/** The living subscription of that address, locked for the transaction. */
export const liveOf = (ctx: Pick<Ctx, 'db'>, endpoint: string) =>
  ctx.db
    .selectFrom('channels.pushSubscriptions')
    .selectAll()
    .where('endpointHash', '=', hashOf(endpoint))
    .where('endedAt', 'is', null)
    .forUpdate()
    .executeTakeFirst();
