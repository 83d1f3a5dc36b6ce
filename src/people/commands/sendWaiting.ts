/** The time of held-back messages has come: one leaves as it is, several as one bundle. */
import type { Ctx } from '#kernel';
import { command, userById } from '#security';
import { type Due as InBundle, sendBundle } from '../bundles.ts';
import { type Line, lockPeople, note, post, sendTo, setSendTimer, type Turn, verdictFor } from '../calling.ts';
import { methodsOf, type Way, waysToReach } from '../contact.ts';
import type { WaitingSend } from '../contact-store.ts';

export interface SendWaiting {
  userId: string;
  methodId: string;
}
type Due = InBundle & { row: WaitingSend };

/** Returns how many pages were told of. Pages that have an answer by now are dropped. Safe to repeat. */
export const sendWaiting = command(
  'people.sendWaiting',
  { allow: 'internal', subject: (input: SendWaiting) => input.userId },
  async (ctx, { userId, methodId }) => {
    ctx.audit.skip = true;
    await lockPeople(ctx.db, [userId]);
    const due = await takeDue(ctx, userId, methodId);
    const person = await userById(ctx, userId);
    const methods = (await methodsOf(ctx.db, [userId])).get(userId) ?? [];
    const way = person && waysToReach(person, methods).find((one) => one.methodId === methodId);
    if (way && due.length > 0) await leave(ctx, userId, way, due);
    await setSendTimer(ctx, userId, methodId);
    return { told: due.length };
  },
);

/** Takes what is due out of the waiting room. */
async function takeDue(ctx: Ctx, userId: string, methodId: string): Promise<Due[]> {
  const rows = await ctx.db
    .deleteFrom('people.waitingSends')
    .where('userId', '=', userId)
    .where('methodId', '=', methodId)
    .where('leavesAt', '<=', ctx.now)
    .returningAll()
    .execute();
  const pages = await ctx.db
    .selectFrom('people.pages')
    .selectAll()
    .where('id', 'in', ['', ...rows.map((row) => row.pageId)])
    .where('state', 'in', ['paging', 'unanswered'])
    .orderBy('id')
    .execute();
  return pages.flatMap((page) => {
    const row = rows.find((one) => one.pageId === page.id);
    return row ? [{ row, page }] : [];
  });
}

async function leave(ctx: Ctx, userId: string, way: Way, due: Due[]): Promise<void> {
  // A drill's pages never share a message with real ones.
  for (const exercise of [false, true]) {
    const some = due.filter(({ page }) => page.exercise === exercise);
    const [first] = some;
    if (!first) continue;
    const verdicts = await Promise.all(
      some.map(({ page }) => verdictFor(ctx, { page, lines: [] }, userId, way.channel, true)),
    );
    const verdict = verdicts.find(({ go }) => go) ?? verdicts[0];
    if (verdict && !verdict.go) {
      const rows = some.map(({ row }) => ({ ...row, why: 'limit' as const, leavesAt: verdict.until }));
      await ctx.db.insertInto('people.waitingSends').values(rows).execute();
      continue;
    }
    const inside = { ...ctx, exercise };
    if (some.length > 1) await sendBundle(inside, userId, way, some);
    else {
      const { turn: number, waitSeconds, because } = first.row;
      const lines: Line[] = [];
      const turn: Turn = { page: first.page, number, waitSeconds, lines, outbox: [] };
      await sendTo(inside, turn, { userId, because }, way);
      await post(inside, turn, false);
      for (const line of lines) await note(ctx, first.page, line);
    }
  }
}
