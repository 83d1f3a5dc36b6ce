/** Sends the weekly test pages to those for whom the hour is on, on their own clock. */
import { newId, readSetting } from '#kernel';
import { command } from '#security';
import { crowd } from '../../crowd.ts';
import { callablePeople, coverAhead } from '../callable.ts';
import { slotNow } from '../model.ts';
import { testPages } from '../settings.ts';
import { sendTests } from '../testing.ts';

/** Returns how many were sent. Run twice in the same hour, on one node or two, each method is tested once. */
export const sendWeeklyTests = command('people.sendWeeklyTests', { allow: 'internal' }, async (ctx, _input: object) => {
  ctx.audit.skip = true;
  const { on, weekday, time } = await readSetting(ctx, testPages);
  if (!on) return { sent: 0 };
  const everybody = await crowd(ctx);
  const slots = new Map(
    [...everybody.users.values()].map((user) => [user.id, slotNow(user.timeZone, weekday, time, ctx.now)]),
  );
  if (![...slots.values()].some((slot) => slot !== null)) return { sent: 0 };
  const due = (await callablePeople(ctx, everybody, await coverAhead(ctx, everybody))).filter(({ id }) =>
    slots.get(id),
  );
  const bySlot = Map.groupBy(due, ({ id }) => slots.get(id)?.toISOString() ?? '');
  let sent = 0;
  for (const [slot, people] of bySlot) {
    const done = await ctx.db
      .selectFrom('people.proofs')
      .select('userId')
      .distinct()
      .where('slot', '=', new Date(slot))
      .execute();
    const rest = people.filter(({ id }) => !done.some(({ userId }) => userId === id));
    if (rest.length === 0) continue;
    const id = newId('tst');
    await ctx.db
      .insertInto('people.testRounds')
      .values({ id, kind: 'scheduled', askedBy: null, createdAt: ctx.now })
      .execute();
    sent += (await sendTests(ctx, { id, slot: new Date(slot) }, rest)).sent;
  }
  ctx.audit.skip = sent === 0;
  ctx.audit.after = { sent };
  return { sent };
});
