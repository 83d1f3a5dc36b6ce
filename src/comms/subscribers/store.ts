/** SQL of the subscribers: addresses sealed, found again by keyed digests, never logged. */
import { removeEndpoint } from '#channels';
import {
  type Ctx,
  decodeCursor,
  encodeCursor,
  keyedHash,
  randomToken,
  type Selectable,
  seal,
  sql,
  unseal,
} from '#kernel';
import type { SubscribersTable } from '../tables.ts';

export type SubscriberRow = Selectable<SubscribersTable>;

export const addressHash = (key: string): string => keyedHash('comms.address', key);
export const tokenHash = (token: string): string => keyedHash('comms.token', token);
export const sealAddress = (id: string, address: string): string => seal(address, `comms.subscribers:${id}:address`);
export const openAddress = (row: Pick<SubscriberRow, 'id' | 'sealedAddress'>): string | null =>
  row.sealedAddress === null ? null : unseal(row.sealedAddress, `comms.subscribers:${row.id}:address`);

/** A fresh way out for a subscriber: the token is sealed, so that every later mail can carry the same link. */
export function newUnsubscribe(id: string): {
  sealedUnsubscribe: string;
  unsubscribeHash: string;
} {
  const token = randomToken(24);
  return {
    sealedUnsubscribe: seal(token, `comms.subscribers:${id}:unsubscribe`),
    unsubscribeHash: tokenHash(token),
  };
}
export const openUnsubscribe = (row: Pick<SubscriberRow, 'id' | 'sealedUnsubscribe'>): string =>
  unseal(row.sealedUnsubscribe ?? '', `comms.subscribers:${row.id}:unsubscribe`);

/** Counts one attempt of a network in this hour; returns how many there were. */
export async function countAttempt(ctx: Ctx, ip: string): Promise<number> {
  const hour = new Date(Math.floor(ctx.now.getTime() / 3_600_000) * 3_600_000);
  const { attempts } = await ctx.db
    .insertInto('comms.subscribeAttempts')
    .values({ ipHash: keyedHash('comms.ip', ip), hour })
    .onConflict((oc) =>
      oc.columns(['ipHash', 'hour']).doUpdateSet({ attempts: sql`comms.subscribe_attempts.attempts + 1` }),
    )
    .returning('attempts')
    .executeTakeFirstOrThrow();
  return attempts;
}

/** Confirmation mails that went to this mailbox since then, whichever way its address was written. */
export async function mailsTo(ctx: Ctx, mailboxHash: string, since: Date): Promise<number> {
  const row = await ctx.db
    .selectFrom('comms.subscribers')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('mailboxHash', '=', mailboxHash)
    .where('confirmSentAt', '>', since)
    .executeTakeFirstOrThrow();
  return Number(row.n);
}

const LIST = 'comms.subscribers';

/** A page of subscribers, newest first. */
export async function listSubscribers(
  ctx: Ctx,
  query: {
    limit: number;
    cursor?: string | undefined;
    state?: SubscriberRow['state'] | undefined;
  },
) {
  let find = ctx.db
    .selectFrom('comms.subscribers')
    .selectAll()
    .orderBy('id', 'desc')
    .limit(query.limit + 1);
  if (query.state) find = find.where('state', '=', query.state);
  if (query.cursor) find = find.where('id', '<', String(decodeCursor(LIST, query.cursor)[0]));
  const rows = await find.execute();
  const page = rows.slice(0, query.limit);
  const last = rows.length > query.limit ? page.at(-1) : undefined;
  return {
    rows: page,
    nextCursor: last ? encodeCursor(LIST, [last.id]) : null,
  };
}

export async function countSubscribers(ctx: Pick<Ctx, 'db'>): Promise<{ confirmed: number; pending: number }> {
  const rows = await ctx.db
    .selectFrom('comms.subscribers')
    .select(['state', (eb) => eb.fn.countAll<number>().as('n')])
    .groupBy('state')
    .execute();
  const of = (state: string) => Number(rows.find((row) => row.state === state)?.n ?? 0);
  return { confirmed: of('confirmed'), pending: of('pending') };
}

/** Ends a subscription and drops the address; what stays are digests that keep the hourly cap. False when there is none. */
export async function forget(ctx: Ctx, id: string): Promise<boolean> {
  const rows = await ctx.db
    .updateTable('comms.subscribers')
    .set({
      state: 'unsubscribed',
      unsubscribedAt: ctx.now,
      sealedAddress: null,
      hint: '',
      sealedUnsubscribe: null,
      unsubscribeHash: null,
      confirmHash: null,
      componentIds: [],
      segments: [],
    })
    .where('id', '=', id)
    .returning(['id', 'endpointId'])
    .execute();
  for (const { endpointId } of rows) if (endpointId) await removeEndpoint(ctx, { endpointId });
  return rows.length > 0;
}
