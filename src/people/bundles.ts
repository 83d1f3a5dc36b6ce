/** Several held-back pages in one message: what is in it, and taking it apart when one of them has an answer before it leaves. */
import { send, withdraw } from '#channels';
import { config, type Ctx, newId } from '#kernel';
import { lockPeople, note } from './calling.ts';
import { replyCode } from './codes.ts';
import { inLog, methodsOf, type Way, waysToReach } from './contact.ts';
import type { WaitingSend } from './contact-store.ts';
import { bundleMessage } from './messages.ts';
import type { PageRow } from './store.ts';
import { userById } from '#security';

export interface Due {
  row: Pick<WaitingSend, 'userId' | 'methodId' | 'turn' | 'because' | 'waitSeconds'>;
  page: PageRow;
}

const isBundle = (ref: string) => ref.startsWith('bnd_');

/** Sends several pages as one message. The caller holds the person's lock. */
export async function sendBundle(ctx: Ctx, userId: string, way: Way, due: Due[]): Promise<void> {
  const pages: { title: string; code: string | undefined }[] = [];
  for (const { page } of due) {
    const code = way.channel === 'sms' ? await replyCode(ctx.db, userId, page.id, ctx.now) : undefined;
    pages.push({ title: page.title, code });
  }
  const ref = newId('bnd');
  const { deliveryId } = await send(ctx, {
    channel: way.channel,
    to: way.to,
    purpose: 'page',
    ref,
    key: ref,
    essential: way.proven && due.some(({ page }) => page.urgency === 'high'),
    message: bundleMessage(pages, `${config.publicUrl}/pages`),
  });
  const rows = due.map(({ row: { turn, because, waitSeconds, methodId }, page }) => ({
    pageId: page.id,
    bundle: ref,
    userId,
    methodId,
    turn,
    because,
    waitSeconds,
  }));
  await ctx.db.insertInto('people.bundlePages').values(rows).execute();
  for (const { page } of due)
    await note(ctx, page, {
      reason: 'sent',
      userId,
      channel: way.channel,
      deliveryId,
      text: `Sent by ${way.channel} to ${inLog(way)}, in one message with ${due.length - 1} other ${due.length === 2 ? 'page' : 'pages'}`,
    });
}

/** The pages a message told of: those of the bundle, or the one page it is about. */
export async function pagesOf(ctx: Pick<Ctx, 'db'>, ref: string): Promise<string[]> {
  if (!isBundle(ref)) return [ref];
  const rows = await ctx.db.selectFrom('people.bundlePages').select('pageId').where('bundle', '=', ref).execute();
  return rows.map(({ pageId }) => pageId);
}

/**
 * A page has an answer: it leaves every bundle that has not gone out. The bundle is taken back, and the pages that still
 * wait make a new one; with none left, nothing is sent. Returns how many bundles were taken back.
 */
export async function leaveBundles(ctx: Ctx, pageId: string, reason: string): Promise<number> {
  const mine = await ctx.db.selectFrom('people.bundlePages').selectAll().where('pageId', '=', pageId).execute();
  let takenBack = 0;
  for (const { bundle, userId, methodId } of mine) {
    await lockPeople(ctx.db, [userId]);
    if ((await withdraw(ctx, { ref: bundle, reason })).withdrawn === 0) continue;
    takenBack += 1;
    await renew(ctx, bundle, userId, methodId);
  }
  return takenBack;
}

async function renew(ctx: Ctx, bundle: string, userId: string, methodId: string): Promise<void> {
  const rows = await ctx.db.selectFrom('people.bundlePages').selectAll().where('bundle', '=', bundle).execute();
  await ctx.db.deleteFrom('people.bundlePages').where('bundle', '=', bundle).execute();
  const open = await ctx.db
    .selectFrom('people.pages')
    .selectAll()
    .where('id', 'in', ['', ...rows.map((row) => row.pageId)])
    .where('state', 'in', ['paging', 'unanswered'])
    .orderBy('id')
    .execute();
  const person = await userById(ctx, userId);
  const methods = (await methodsOf(ctx.db, [userId])).get(userId) ?? [];
  const way = person && waysToReach(person, methods).find((one) => one.methodId === methodId);
  const due = open.flatMap((page) => {
    const row = rows.find((one) => one.pageId === page.id);
    return row ? [{ row, page }] : [];
  });
  const [first] = due;
  if (way && first) await sendBundle({ ...ctx, exercise: first.page.exercise }, userId, way, due);
}
