/** How often people take what is suggested: the rate of each kind, and how it goes week by week. */
import { addMs, type Ctx, sql } from '#kernel';
import { type Kind, KINDS } from './model.ts';

const WEEK_S = 7 * 86_400;
/** 1970-01-05 was a Monday: weeks are those of UTC, from Monday on. */
const MONDAY_S = 4 * 86_400;

export interface Counts {
  shown: number;
  accepted: number;
  /** Of those accepted: by the button; the others were done by hand. */
  clicked: number;
  refused: number;
  /** Something else of this kind was chosen. */
  other: number;
  /** Nobody has said anything. */
  open: number;
}
const NONE: Counts = { shown: 0, accepted: 0, clicked: 0, refused: 0, other: 0, open: 0 };

/** Accepted of what was decided; null while nothing was. */
export const rateOf = ({ accepted, refused, other }: Counts): number | null => {
  const decided = accepted + refused + other;
  return decided === 0 ? null : Math.round((1_000 * accepted) / decided) / 1_000;
};

/** The last so many weeks, the one that runs included. Drills are not counted. */
export async function acceptanceOf(ctx: Pick<Ctx, 'db' | 'now'>, { weeks }: { weeks: number }) {
  const thisWeek = Math.floor((ctx.now.getTime() / 1000 - MONDAY_S) / WEEK_S);
  const from = new Date(((thisWeek - weeks + 1) * WEEK_S + MONDAY_S) * 1000);
  const rows = await ctx.db
    .selectFrom('playbooks.suggestions')
    .select(['kind', sql<number>`floor((extract(epoch from shown_at) - ${MONDAY_S}) / ${WEEK_S})::int`.as('week')])
    .select(sql<number>`count(*)::int`.as('shown'))
    .select(sql<number>`count(*) filter (where state = 'accepted')::int`.as('accepted'))
    .select(sql<number>`count(*) filter (where state = 'accepted' and via = 'click')::int`.as('clicked'))
    .select(sql<number>`count(*) filter (where state = 'refused')::int`.as('refused'))
    .select(sql<number>`count(*) filter (where state = 'other')::int`.as('other'))
    .select(sql<number>`count(*) filter (where state = 'shown')::int`.as('open'))
    .where('state', '<>', 'withdrawn')
    .where('shownAt', '>=', from)
    .where('exercise', '=', false)
    .groupBy(['kind', 'week'])
    .execute();
  return {
    from: from.toISOString(),
    to: ctx.now.toISOString(),
    kinds: KINDS.map((kind) => {
      const mine = rows.filter((row) => row.kind === kind);
      const sum = mine.reduce(added, NONE);
      return { kind, ...sum, rate: rateOf(sum), weeks: series(mine, thisWeek, weeks) };
    }),
  };
}

const added = (a: Counts, b: Counts): Counts => ({
  shown: a.shown + b.shown,
  accepted: a.accepted + b.accepted,
  clicked: a.clicked + b.clicked,
  refused: a.refused + b.refused,
  other: a.other + b.other,
  open: a.open + b.open,
});

function series(rows: (Counts & { kind: Kind; week: number })[], last: number, weeks: number) {
  return Array.from({ length: weeks }, (_, i) => {
    const week = last - weeks + 1 + i;
    const counts = rows.find((row) => row.week === week) ?? NONE;
    const { shown, accepted, refused, other } = counts;
    return {
      from: addMs(new Date(0), (week * WEEK_S + MONDAY_S) * 1000).toISOString(),
      shown,
      accepted,
      decided: accepted + refused + other,
      rate: rateOf(counts),
    };
  });
}
