/** A page that reaches nobody does not wait for an answer that cannot come: the next way, then the next person, at once. */
import { channelByName, deliveryStates, givesReceipts } from '#channels';
import { type Ctx, cancelJob } from '#kernel';
import { note, setSendTimer } from './calling.ts';
import { takeTurn } from './paging.ts';
import { lockPage, type PageRow } from './store.ts';
import { pageTimer } from './timers.ts';

const DEAD = new Set(['failed', 'undeliverable', 'withdrawn']);

/**
 * Called when a message of a page has failed for good, or nobody confirms that it arrived. As long as any message of this turn has arrived or may still
 * arrive, nothing changes. Only the first round moves on early: the later ones keep their distance, or all of them would
 * be over within a second. A channel that is not configured at all says nothing about the person.
 */
export async function moveOn(ctx: Ctx, pageId: string, channel: string): Promise<void> {
  const page = await lockPage(ctx.db, pageId);
  if (page?.state !== 'paging' || page.urgency !== 'high' || page.stage !== 'steps' || page.round > 1) return;
  if ((await channelByName(channel).whyNotReady(ctx)) !== null) return;
  const people = await lastCalled(ctx, page);
  const hope = await hopeOf(ctx, page, people);
  if (hope === 'alive') return;
  const waiting = await ctx.db
    .updateTable('people.waitingSends')
    .set({ leavesAt: ctx.now })
    .where('pageId', '=', page.id)
    .where('userId', 'in', ['', ...people])
    .where('leavesAt', '>', ctx.now)
    .returning(['userId', 'methodId'])
    .execute();
  if (waiting.length > 0) {
    await note(ctx, page, {
      reason: 'moved_on',
      text: 'It is not known to have arrived: the next way is used at once',
    });
    for (const { userId, methodId } of waiting) await setSendTimer(ctx, userId, methodId);
    return;
  }
  // From there no receipt has ever come: silence says nothing, and the step keeps its time.
  if (hope === 'unknown') return;
  await note(ctx, page, {
    reason: 'moved_on',
    text: 'Nobody called so far is known to have it: on to the next at once',
  });
  await cancelJob(ctx, pageTimer(page.id));
  ctx.exercise = page.exercise;
  await takeTurn(ctx, page);
}

/** Who was called by the newest turn. */
async function lastCalled(ctx: Ctx, page: PageRow): Promise<string[]> {
  const targets = await ctx.db.selectFrom('people.pageTargets').selectAll().where('pageId', '=', page.id).execute();
  const last = Math.max(...targets.map((target) => target.lastPagedAt.getTime()));
  return targets.filter((target) => target.lastPagedAt.getTime() === last).map((target) => target.userId);
}

/**
 * What is left of this turn's messages. `alive`: one has arrived or may still; `unknown`: a carrier took one, and that
 * number never gives receipts; `none`: nothing.
 */
async function hopeOf(ctx: Ctx, page: PageRow, people: string[]): Promise<'alive' | 'unknown' | 'none'> {
  const sent = await ctx.db
    .selectFrom('people.pageEvents')
    .select('deliveryId')
    .where('pageId', '=', page.id)
    .where('reason', '=', 'sent')
    .where('userId', 'in', ['', ...people])
    .execute();
  const states = await deliveryStates(
    ctx,
    sent.flatMap(({ deliveryId }) => deliveryId ?? []),
  );
  const open = [...states].filter(([, { state }]) => !DEAD.has(state));
  if (open.some(([, { state }]) => state !== 'unconfirmed')) return 'alive';
  for (const [id] of open) if (!(await givesReceipts(ctx, id))) return 'unknown';
  return 'none';
}
