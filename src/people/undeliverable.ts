/** A page that reaches nobody does not wait for an answer that cannot come: the next way, then the next person, at once. */
import { channelByName, deliveryStates } from '#channels';
import { type Ctx, cancelJob } from '#kernel';
import { note, setSendTimer } from './calling.ts';
import { takeTurn } from './paging.ts';
import { lockPage, type PageRow } from './store.ts';
import { pageTimer } from './timers.ts';

const DEAD = new Set(['failed', 'undeliverable', 'withdrawn']);

/**
 * Called when a message of a page has failed for good. As long as any message of this turn has arrived or may still
 * arrive, nothing changes. Only the first round moves on early: the later ones keep their distance, or all of them would
 * be over within a second. A channel that is not configured at all says nothing about the person.
 */
export async function moveOn(ctx: Ctx, pageId: string, channel: string): Promise<void> {
  const page = await lockPage(ctx.db, pageId);
  if (page?.state !== 'paging' || page.urgency !== 'high' || page.stage !== 'steps' || page.round > 1) return;
  if ((await channelByName(channel).whyNotReady(ctx)) !== null) return;
  const people = await lastCalled(ctx, page);
  if (await anyAlive(ctx, page, people)) return;
  const waiting = await ctx.db
    .updateTable('people.waitingSends')
    .set({ leavesAt: ctx.now })
    .where('pageId', '=', page.id)
    .where('userId', 'in', ['', ...people])
    .where('leavesAt', '>', ctx.now)
    .returning(['userId', 'methodId'])
    .execute();
  if (waiting.length > 0) {
    await note(ctx, page, { reason: 'moved_on', text: 'It cannot be delivered there: the next way is used at once' });
    for (const { userId, methodId } of waiting) await setSendTimer(ctx, userId, methodId);
    return;
  }
  await note(ctx, page, {
    reason: 'moved_on',
    text: 'It cannot be delivered to anybody called so far: on to the next at once',
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

async function anyAlive(ctx: Ctx, page: PageRow, people: string[]): Promise<boolean> {
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
  return [...states.values()].some(({ state }) => !DEAD.has(state));
}
