/** What messages left open and promised, as screens see it; and how well words were kept over all incidents. */
import { currentRoles } from '#incidents';
import { type Ctx, readSetting, sql } from '#kernel';
import { personRefs } from '#security';
import type { Incident } from '../incident.ts';
import { STALE_MS } from '../lint/index.ts';
import { page } from '../settings.ts';
import { commitmentsOf } from './commitment-store.ts';
import { expectationOf, recurrenceCandidates } from './known.ts';
import { type Owed, punctuality, scoreOf } from './measures.ts';

const iso = (at: Date | null) => at?.toISOString() ?? null;

/** Everything that is followed to its end on one incident. */
export async function followUpOf(ctx: Ctx, incident: Incident) {
  const of = <T extends 'comms.unknowns' | 'comms.readBacks' | 'comms.posts'>(table: T) =>
    ctx.db
      .selectFrom(table as 'comms.unknowns')
      .selectAll()
      .where('incidentId', '=', incident.id);
  const [unknowns, commitments, readBacks, posts, recurrences, expectation, roles, shown] = await Promise.all([
    of('comms.unknowns').orderBy('openedAt').orderBy('id').execute(),
    commitmentsOf(ctx, incident.id),
    ctx.db.selectFrom('comms.readBacks').selectAll().where('incidentId', '=', incident.id).orderBy('channel').execute(),
    ctx.db
      .selectFrom('comms.posts')
      .selectAll()
      .where('incidentId', '=', incident.id)
      .orderBy('at', 'desc')
      .orderBy('channel')
      .execute(),
    recurrenceCandidates(ctx, incident),
    expectationOf(ctx, incident.id),
    currentRoles(ctx, incident.id),
    readSetting(ctx, page),
  ]);
  // One person speaks: who holds the pen, else who commands (M21).
  const speaks = roles.communications_lead ?? roles.incident_commander ?? null;
  const people = await personRefs(ctx, [speaks]);
  return {
    unknowns: unknowns.map(({ id, text, state, answer, openedAt, settledAt }) => ({
      id,
      text,
      state,
      answer,
      openedAt: openedAt.toISOString(),
      settledAt: iso(settledAt),
    })),
    commitments: commitments.map(({ id, kind, text, dueAt, state, settledAt }) => ({
      id,
      kind,
      text,
      dueAt: dueAt.toISOString(),
      state,
      settledAt: iso(settledAt),
    })),
    readBacks: readBacks.map(({ channel, state, detail, readAt, differsSince, alertedAt }) => ({
      channel,
      state,
      detail,
      readAt: readAt.toISOString(),
      differsSince: iso(differsSince),
      alerted: alertedAt !== null,
    })),
    recurrences,
    expectation: expectation
      ? { ...expectation, stale: ctx.now.getTime() - new Date(expectation.asOf).getTime() > STALE_MS }
      : null,
    contact: { person: speaks ? (people.get(speaks) ?? null) : null, channel: shown.supportContact },
    posts: posts.map(({ revisionId, channel, state, body, url, error }) => ({
      revisionId,
      channel,
      state,
      text: body,
      url,
      error,
    })),
  };
}

/** Every update that was owed in public, with when it came; running clocks count once they are late. Drills are not in it. */
async function owedUpdates(ctx: Pick<Ctx, 'db' | 'now'>): Promise<Owed[]> {
  const published = await ctx.db
    .selectFrom('comms.revisions')
    .select(['dueAt', 'publishedAt'])
    .where('dueAt', 'is not', null)
    .where('publishedAt', 'is not', null)
    .where('supersedes', 'is', null)
    // What went out by itself because nobody wrote is no update in time.
    .where('holding', '=', false)
    .where('exercise', '=', false)
    .execute();
  const running = await ctx.db
    .selectFrom('comms.clocks')
    .select('dueAt')
    .where('state', '=', 'running')
    .where('dueAt', '<', ctx.now)
    .where('exercise', '=', false)
    .execute();
  const automatic = await ctx.db
    .selectFrom('comms.revisions')
    .select('dueAt')
    .where('holding', '=', true)
    .where('dueAt', 'is not', null)
    .where('exercise', '=', false)
    .execute();
  return [
    ...published.map(({ dueAt, publishedAt }) => ({ dueAt: dueAt as Date, publishedAt })),
    ...[...running, ...automatic].map(({ dueAt }) => ({ dueAt: dueAt as Date, publishedAt: null })),
  ];
}

/** Punctuality by quarter, promises by how they ended, and what readers say by week. */
export async function measuresOf(ctx: Pick<Ctx, 'db' | 'now'>) {
  const states = await ctx.db.selectFrom('comms.commitments').select('state').where('exercise', '=', false).execute();
  const weeks = await ctx.db
    .selectFrom('comms.feedback')
    .select((eb) => [
      sql<string>`to_char(day, 'IYYY-"W"IW')`.as('week'),
      eb.fn.countAll<number>().as('total'),
      sql<number>`count(*) filter (where helped)`.as('helped'),
    ])
    .groupBy(sql`1`)
    .orderBy(sql`1`, 'desc')
    .limit(26)
    .execute();
  return {
    punctuality: punctuality(await owedUpdates(ctx), ctx.now),
    commitments: scoreOf(states.map(({ state }) => state)),
    feedback: weeks.map(({ week, total, helped }) => ({ week, total: Number(total), helped: Number(helped) })),
  };
}
