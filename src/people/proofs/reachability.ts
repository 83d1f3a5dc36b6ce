/** The audit of reachability: who can be called, by what it is proven, which shifts and hours are in doubt, and the one next step. */
import { addMs, type Ctx, decodeCursor, encodeCursor, readSetting } from '#kernel';
import { activeIn, crowd, type Crowd, refOf } from '../crowd.ts';
import { gapsOf } from '../schedules/model.ts';
import { GAP_WINDOW_MS } from '../schedules/queries.ts';
import { type Cover, callablePeople, coverAhead } from './callable.ts';
import { type JudgedMethod, type JudgedPerson, judgePeople } from './facts.ts';
import { startsOf } from './commands/warnShifts.ts';
import { testPages } from './settings.ts';
import { sayWhyNobody } from './words.ts';

const iso = (at: Date | null | undefined) => at?.toISOString() ?? null;
/** An hourly rotation changes hands hundreds of times in 14 days: nobody reads more. */
const MOST_SHIFTS = 200;

const methodView = (method: JudgedMethod) => ({
  id: method.id,
  channel: method.channel,
  shown: method.shown,
  state: method.state,
  reason: method.reason,
  overdue: method.overdue,
  testUntil: iso(method.testUntil),
  lastTest: method.lastTest && { ...method.lastTest, at: method.lastTest.at.toISOString() },
  lastPage: method.lastReal && {
    at: method.lastReal.at.toISOString(),
    arrived: method.lastReal.arrived,
    error: method.lastReal.error,
  },
});

/** The people named who are judged; those on duty now first of all, then by their next shift. */
function peopleViews(covers: Cover[], judged: Map<string, JudgedPerson>) {
  const next = new Map<string, { scheduleId: string; schedule: string; from: Date; to: Date; now: boolean }>();
  for (const { schedule, shifts } of covers)
    shifts.forEach(({ userId, from, to }, i) => {
      const known = userId ? next.get(userId) : undefined;
      if (userId && (!known || from < known.from))
        next.set(userId, { scheduleId: schedule.id, schedule: schedule.name, from, to, now: i === 0 });
    });
  const views = [...judged.values()].map(({ person, state, methods }) => {
    const shift = next.get(person.id);
    return {
      person: { id: person.id, name: person.name },
      state,
      overdue: methods.some((method) => method.overdue) || !methods.some((method) => method.state !== 'unverified'),
      methods: methods.map(methodView),
      nextShift: shift ? { ...shift, from: shift.from.toISOString(), to: shift.to.toISOString() } : null,
    };
  });
  const rank = (view: (typeof views)[number]) => view.nextShift?.from ?? '9999';
  return views.sort((a, b) => rank(a).localeCompare(rank(b)) || a.person.name.localeCompare(b.person.name));
}

/** What is wrong with a shift, each as a sentence; nothing when its person is proven to be reached. */
function warningsOf(judged: JudgedPerson | undefined): string[] {
  if (!judged) return ['nothing is known about how to reach them'];
  const { state, methods } = judged;
  const live = methods.filter(({ state: each }) => each !== 'dead' && each !== 'unverified');
  const warnings: string[] = [];
  if (state === 'unreachable') warnings.push('no confirmed method works');
  if (state === 'doubtful') warnings.push('the last test was not answered');
  if (state === 'untested') warnings.push('no test was answered lately');
  if (live.length === 1 && state !== 'unreachable') warnings.push('only one method: when it fails there is no other');
  return warnings;
}

function shiftViews(ctx: Ctx, everybody: Crowd, covers: Cover[], judged: Map<string, JudgedPerson>) {
  const running = covers.flatMap(({ schedule, shifts }) => {
    const [first] = shifts;
    return first?.userId ? [{ schedule, userId: first.userId, at: first.from, until: first.to }] : [];
  });
  return [...running, ...startsOf(covers)]
    .sort((a, b) => a.at.getTime() - b.at.getTime())
    .slice(0, MOST_SHIFTS)
    .map(({ schedule, userId, at, until }) => ({
      schedule: { id: schedule.id, name: schedule.name },
      person: refOf(everybody, userId),
      from: at.toISOString(),
      to: until.toISOString(),
      now: at <= ctx.now,
      state: judged.get(userId)?.state ?? ('unreachable' as const),
      by: (judged.get(userId)?.methods ?? [])
        .filter(({ state }) => state === 'proven' || state === 'untested')
        .map(({ channel, shown }) => ({ channel, shown })),
      warnings: warningsOf(judged.get(userId)),
    }));
}

type Shifts = ReturnType<typeof shiftViews>;
type People = ReturnType<typeof peopleViews>;
type Gaps = Awaited<ReturnType<typeof gapViews>>;

async function gapViews(ctx: Ctx, everybody: Crowd, covers: Cover[]) {
  const known = await ctx.db.selectFrom('people.gaps').selectAll().where('endedAt', 'is', null).execute();
  return covers.flatMap(({ schedule, shifts }) =>
    gapsOf(shifts).map(({ from, to, why, blocked }) => {
      const told = known.find((gap) => gap.scheduleId === schedule.id && gap.fromAt <= from && from < gap.toAt);
      return {
        schedule: { id: schedule.id, name: schedule.name },
        from: from.toISOString(),
        to: to.toISOString(),
        why: sayWhyNobody(why ?? '', blocked ? refOf(everybody, blocked).name : null),
        /** Hours in which nobody is meant to be on duty. */
        intended: why === 'outside_hours',
        toldAt: iso(told?.toldAt),
      };
    }),
  );
}

/** The one thing to do next, the most pressing first; null when everything is proven. */
function nextStep(people: People, shifts: Shifts, gaps: Gaps) {
  const step = (title: string, reason: string, label: string, to: string) => ({ title, reason, label, to });
  const dark = shifts.find(({ now, state }) => now && state === 'unreachable');
  if (dark)
    return step(
      `${dark.person.name} is on call and not proven to be reachable`,
      `${dark.schedule.name}: ${dark.warnings[0] ?? ''}. Put somebody else on call until they have confirmed a method.`,
      'Cover the shift',
      `/on-call/${dark.schedule.id}`,
    );
  const gap = gaps.find(({ intended }) => !intended);
  const soon = shifts.find(({ state }) => state === 'unreachable' || state === 'doubtful');
  if (gap && (!soon || gap.from <= soon.from))
    return step(`Nobody is on call in ${gap.schedule.name}`, gap.why, 'Cover the gap', `/on-call/${gap.schedule.id}`);
  if (soon)
    return step(
      `${soon.person.name} may not be reachable when their shift starts`,
      `${soon.schedule.name}: ${soon.warnings[0] ?? ''}. Ask them to confirm a method, and test it.`,
      'Open the schedule',
      `/on-call/${soon.schedule.id}`,
    );
  const untested = people.filter(({ state, overdue }) => state !== 'unreachable' && overdue);
  if (untested.length > 0) {
    const who = untested.length === 1 ? untested[0]?.person.name : `${untested.length} people`;
    return step(
      `${who} ${untested.length === 1 ? 'has' : 'have'} no answered test lately`,
      'A test page proves that a page arrives, on every method.',
      'Test everybody now',
      'test',
    );
  }
  const never = people.find(({ state }) => state === 'unreachable');
  if (never)
    return step(
      `${never.person.name} has no confirmed method`,
      'They can be called, and it is not proven that it reaches them. Ask them to confirm one under My contact methods.',
      'Open teams',
      '/teams',
    );
  return null;
}

/** Everything the screen and `evenkeel people reachability` show. */
export async function reachability(ctx: Ctx) {
  const everybody = await crowd(ctx);
  const covers = await coverAhead(ctx, everybody);
  const callable = await callablePeople(ctx, everybody, covers);
  const judged = await judgePeople(
    ctx,
    callable.filter(({ id }) => activeIn(everybody)(id)),
  );
  const people = peopleViews(covers, judged);
  const shifts = shiftViews(ctx, everybody, covers, judged);
  const gaps = await gapViews(ctx, everybody, covers);
  const count = (state: string) => people.filter((person) => person.state === state).length;
  return {
    at: ctx.now.toISOString(),
    until: addMs(ctx.now, GAP_WINDOW_MS).toISOString(),
    counts: {
      people: people.length,
      reachable: count('reachable'),
      untested: count('untested'),
      doubtful: count('doubtful'),
      unreachable: count('unreachable'),
      overdue: people.filter(({ overdue }) => overdue).length,
      gaps: gaps.length,
    },
    next: nextStep(people, shifts, gaps),
    people,
    shifts,
    gaps,
    tests: await readSetting(ctx, testPages),
  };
}

export interface TestFilter {
  limit: number;
  cursor?: string | undefined;
  state?: 'waiting' | 'confirmed' | 'missed' | 'failed' | undefined;
  userId?: string | undefined;
}

/** Test pages, newest first. */
export async function listTests(ctx: Ctx, filter: TestFilter) {
  const everybody = await crowd(ctx);
  let query = ctx.db
    .selectFrom('people.proofs as p')
    .innerJoin('people.testRounds as r', 'r.id', 'p.roundId')
    .selectAll('p')
    .select(['r.kind', 'r.askedBy'])
    .orderBy('p.id', 'desc')
    .limit(filter.limit + 1);
  if (filter.state) query = query.where('p.state', '=', filter.state);
  if (filter.userId) query = query.where('p.userId', '=', filter.userId);
  if (filter.cursor) query = query.where('p.id', '<', String(decodeCursor('people.tests', filter.cursor)[0]));
  const rows = await query.execute();
  const items = rows.slice(0, filter.limit).map((row) => ({
    id: row.id,
    roundId: row.roundId,
    kind: row.kind,
    askedBy: row.askedBy ? refOf(everybody, row.askedBy) : null,
    person: refOf(everybody, row.userId),
    channel: row.channel,
    shown: row.shown,
    state: row.state,
    sentAt: row.createdAt.toISOString(),
    deliveredAt: iso(row.deliveredAt),
    answerBy: row.answerBy.toISOString(),
    settledAt: iso(row.settledAt),
    confirmedVia: row.confirmedVia,
    error: row.error,
  }));
  const last = rows.length > filter.limit ? items.at(-1) : undefined;
  return { items, nextCursor: last ? encodeCursor('people.tests', [last.id]) : null };
}

/** What the auditor of pages found, newest first. */
export async function listFindings(ctx: Ctx) {
  const rows = await ctx.db
    .selectFrom('people.findings as f')
    .innerJoin('people.pages as p', 'p.id', 'f.pageId')
    .select(['f.id', 'f.kind', 'f.pageId', 'f.text', 'f.raisedPageId', 'f.foundAt', 'p.title'])
    .orderBy('f.foundAt', 'desc')
    .limit(100)
    .execute();
  return rows.map(({ foundAt, ...row }) => ({ ...row, foundAt: foundAt.toISOString() }));
}

/** Changes that can hide trouble, newest first. */
export async function listHiding(ctx: Ctx) {
  const rows = await ctx.db
    .selectFrom('people.hidingChanges')
    .selectAll()
    .orderBy('auditSeq', 'desc')
    .limit(100)
    .execute();
  return rows.map(({ auditSeq, kind, action, subject, actorName, text, at, toldAt }) => ({
    seq: auditSeq,
    ...{ kind, action, subject, actorName, text, at: at.toISOString(), toldAt: toldAt.toISOString() },
  }));
}
