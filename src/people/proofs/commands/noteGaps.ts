/** Looks at the next 14 days of every schedule, remembers the gaps, and tells the owner of each new one. */
import { addMs, type Ctx, newId, sql, zone } from '#kernel';
import { command } from '#security';
import { crowd, refOf, type Crowd } from '../../crowd.ts';
import { gapsOf } from '../../schedules/model.ts';
import { GAP_WINDOW_MS } from '../../schedules/queries.ts';
import { type Cover, coverAhead, ownersOf } from '../callable.ts';
import { type Gap, gapNews, type KnownGap } from '../model.ts';
import { mail } from '../telling.ts';
import { readMark, saveMark } from '../marks.ts';
import { sayWhyNobody } from '../words.ts';

/** Where the window of the last look ended. */
const HORIZON = 'gaps.horizon';

/** Returns how many gaps were new. One look at a time; run twice, the second finds nothing new. */
export const noteGaps = command('people.noteGaps', { allow: 'internal' }, async (ctx, _input: object) => {
  // It changes nobody's cover: the table of gaps is its own record, and only a telling is worth an entry.
  ctx.audit.skip = true;
  await sql`select pg_advisory_xact_lock(hashtextextended('people.noteGaps', 0))`.execute(ctx.db);
  const everybody = await crowd(ctx);
  const mark = await readMark(ctx.db, HORIZON);
  const horizon = mark ? new Date(mark.seen) : null;
  const known = Map.groupBy(await openGaps(ctx), (gap) => gap.scheduleId);
  let found = 0;
  for (const cover of await coverAhead(ctx, everybody)) {
    const gaps = gapsOf(cover.shifts).map(({ from, to, why, blocked }) => ({ from, to, why: why ?? '', blocked }));
    const news = gapNews(known.get(cover.schedule.id) ?? [], gaps, horizon);
    await remember(ctx, cover.schedule.id, news);
    if (news.fresh.length > 0) await tellOwners(ctx, everybody, cover, news.fresh);
    found += news.fresh.length;
  }
  await saveMark(ctx, HORIZON, addMs(ctx.now, GAP_WINDOW_MS).toISOString());
  return { found };
});

async function openGaps(ctx: Ctx): Promise<(KnownGap & { scheduleId: string })[]> {
  const rows = await ctx.db
    .selectFrom('people.gaps')
    .selectAll()
    .where('endedAt', 'is', null)
    .orderBy('fromAt')
    .execute();
  return rows.map(({ id, scheduleId, fromAt, toAt, why, blockedUserId }) => ({
    ...{ id, scheduleId, from: fromAt, to: toAt, why, blocked: blockedUserId },
  }));
}

async function remember(ctx: Ctx, scheduleId: string, news: ReturnType<typeof gapNews>): Promise<void> {
  const row = (gap: Gap, toldAt: Date | null) => ({
    ...{ id: newId('gap'), scheduleId, fromAt: gap.from, toAt: gap.to, why: gap.why, blockedUserId: gap.blocked },
    ...{ foundAt: ctx.now, toldAt, endedAt: null },
  });
  const rows = [...news.fresh.map((gap) => row(gap, ctx.now)), ...news.quiet.map((gap) => row(gap, null))];
  if (rows.length > 0) await ctx.db.insertInto('people.gaps').values(rows).execute();
  for (const { id, to } of news.moved)
    await ctx.db.updateTable('people.gaps').set({ toAt: to }).where('id', '=', id).execute();
  if (news.gone.length > 0)
    await ctx.db.updateTable('people.gaps').set({ endedAt: ctx.now }).where('id', 'in', news.gone).execute();
}

/** Gaps named in one mail; a schedule with holes every night has dozens. */
const NAMED = 5;

async function tellOwners(ctx: Ctx, everybody: Crowd, { schedule }: Cover, gaps: Gap[]): Promise<void> {
  const owners = await ownersOf(ctx, schedule.teamId);
  for (const owner of owners) {
    const lines = gaps.slice(0, NAMED).map((gap) => {
      const stretch = `${zone.sayInstant(owner.timeZone, gap.from)} to ${zone.sayInstant(owner.timeZone, gap.to)}`;
      return `${stretch}: ${sayWhyNobody(gap.why, gap.blocked ? refOf(everybody, gap.blocked).name : null)}`;
    });
    const more = gaps.length > NAMED ? [`and ${gaps.length - NAMED} more.`] : [];
    await mail(
      ctx,
      owner,
      { ref: schedule.id, link: `/on-call/${schedule.id}` },
      `Nobody is on call: ${schedule.name}`,
      [
        `In the next 14 days nobody is on call in ${schedule.name} for these times:`,
        [...lines, ...more].join('\n'),
        'A page in a gap goes to the next step at once, and to the emergency contact when no step has anybody. Cover it by an override:',
      ],
    );
  }
  ctx.audit.skip = false;
  ctx.audit.subject = schedule.id;
  ctx.audit.after = {
    gaps: gaps.slice(0, NAMED),
    more: Math.max(0, gaps.length - NAMED),
    told: owners.map(({ id }) => id),
  };
}
