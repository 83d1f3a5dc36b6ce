/** Sends signed heads to places outside: a folder, a file that only grows, a signed webhook. In order, none left out. */
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { config, type Ctx, type Db, egressFetch, hmacSha256, log, readSetting } from '#kernel';
import { anchors } from '../settings.ts';
import { headsAfter, type SignedHead } from './heads.ts';

interface Place {
  name: string;
  put(head: SignedHead, number: number): Promise<void>;
}

/** The folder and the file come from the environment: whoever takes over an administrator's account cannot turn them off. */
async function placesOf(ctx: Ctx): Promise<Place[]> {
  const places: Place[] = [];
  const { anchorDir, anchorFile } = config;
  if (anchorDir)
    places.push({
      name: 'folder',
      // Written once: a head that is there already is never replaced.
      put: (head, number) =>
        writeFile(join(anchorDir, `head-${String(number).padStart(10, '0')}.json`), line(head), {
          flag: 'wx',
        }).catch((error: NodeJS.ErrnoException) => {
          if (error.code !== 'EEXIST') throw error;
        }),
    });
  if (anchorFile) places.push({ name: 'file', put: (head) => appendFile(anchorFile, line(head), { mode: 0o600 }) });
  const { url, secret } = await readSetting(ctx, anchors);
  if (url) places.push({ name: 'webhook', put: (head, number) => post(ctx, { url, secret }, head, number) });
  return places;
}

const line = ({ statement, signature, key }: SignedHead) => `${JSON.stringify({ statement, signature, key })}\n`;

async function post(ctx: Ctx, to: { url: string; secret: string }, head: SignedHead, number: number): Promise<void> {
  const body = JSON.stringify({
    type: 'security.head',
    timestamp: ctx.now.toISOString(),
    data: head,
  });
  const id = `head_${number}`;
  const at = String(Math.floor(ctx.now.getTime() / 1000));
  // Signed by the Standard Webhooks rules, as every webhook of ours.
  const signature = hmacSha256(Buffer.from(to.secret.replace(/^whsec_/, ''), 'base64'), `${id}.${at}.${body}`);
  const answer = await egressFetch(ctx, to.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': at,
      'webhook-signature': `v1,${signature.toString('base64')}`,
    },
    body,
    timeoutMs: 10_000,
    maxBytes: 4096,
    purpose: 'signed heads',
  });
  if (answer.status < 200 || answer.status >= 300) throw new Error(`it answered ${answer.status}`);
}

/** At most this many at once to one place; what is left goes in the next minute. */
const AT_ONCE = 200;

/** Brings every place up to date. A place that fails is named with its error and tried again; it holds up no other. */
export async function deliverHeads(ctx: Ctx): Promise<void> {
  for (const place of await placesOf(ctx)) {
    let done = await deliveredTo(ctx.db, place.name);
    try {
      for (const { number, ...head } of await headsAfter(ctx.db, done, AT_ONCE)) {
        await place.put(head, number);
        done = number;
      }
      await note(ctx, place.name, { delivered: done, deliveredAt: ctx.now, error: null });
    } catch (error) {
      log.warn({ place: place.name, error: (error as Error).message }, 'signed heads do not reach a place outside');
      const why = (error as Error).message.slice(0, 300);
      await note(ctx, place.name, { delivered: done, error: why, failedAt: ctx.now });
    }
  }
}

const deliveredTo = async (db: Db, place: string): Promise<number> =>
  (await db.selectFrom('security.headPlaces').select('delivered').where('place', '=', place).executeTakeFirst())
    ?.delivered ?? 0;

const note = (
  ctx: Ctx,
  place: string,
  state: { delivered: number; deliveredAt?: Date; error: string | null; failedAt?: Date },
) =>
  ctx.db
    .insertInto('security.headPlaces')
    .values({ place, deliveredAt: null, failedAt: null, ...state })
    .onConflict((oc) => oc.column('place').doUpdateSet(state))
    .execute();

/** How the signing stands, for screens: the key, the newest head, and how far each place has come. */
export async function headState(ctx: Ctx) {
  const last = await ctx.db
    .selectFrom('security.heads')
    .select(['number', 'at'])
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  const known = await ctx.db.selectFrom('security.headPlaces').selectAll().execute();
  const places = (await placesOf(ctx)).map(({ name }) => {
    const row = known.find((one) => one.place === name);
    return {
      place: name,
      delivered: row?.delivered ?? 0,
      deliveredAt: row?.deliveredAt ?? null,
      error: row?.error ?? null,
    };
  });
  return { newest: last ?? null, places };
}
