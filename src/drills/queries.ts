/** Reads exercises for screens: the list, and one with what was injected, observed and learned. */
import { type Ctx, decodeCursor, encodeCursor, isId, notFound } from '#kernel';
import { personRefs } from '#security';
import { type Moments, observed } from './model.ts';
import { type ExerciseRow, exerciseKey, injectsOf, lessonsOf, playersOf } from './store.ts';

const iso = (at: Date | null) => at?.toISOString() ?? null;
const ENDED = ['closed', 'false_alarm', 'merged'];

export interface ExerciseIncident {
  id: string;
  key: string;
  title: string;
  phase: string;
  ended: boolean;
}

/** The incidents that came of an exercise's alerts, oldest first. */
export async function incidentsOf(ctx: Pick<Ctx, 'db'>, exercise: Pick<ExerciseRow, 'groupIds'>) {
  if (exercise.groupIds.length === 0) return [];
  const linked = ctx.db
    .selectFrom('incidents.groupLinks')
    .select('incidentId')
    .where('groupId', 'in', exercise.groupIds);
  const rows = await ctx.db
    .selectFrom('incidents.incidents')
    .selectAll()
    .where('id', 'in', linked)
    .where('exercise', '=', true)
    .orderBy('declaredAt')
    .execute();
  return rows.map((row) => ({ ...row, ended: ENDED.includes(row.phase) }));
}

async function summaries(ctx: Pick<Ctx, 'db'>, rows: readonly ExerciseRow[]) {
  const people = await personRefs(
    ctx,
    rows.map((row) => row.facilitatorId),
  );
  const services = await ctx.db
    .selectFrom('catalog.services')
    .select(['id', 'name'])
    .where('id', 'in', ['', ...rows.flatMap((row) => row.serviceId ?? [])])
    .execute();
  return rows.map((row) => ({
    id: row.id,
    key: exerciseKey(row),
    title: row.title,
    scenario: row.scenario,
    family: row.family,
    state: row.state,
    service: services.find((service) => service.id === row.serviceId) ?? null,
    facilitator: people.get(row.facilitatorId) ?? { id: row.facilitatorId, name: 'Somebody who has left' },
    cold: row.cold,
    startedAt: row.startedAt.toISOString(),
    endsBy: row.endsBy.toISOString(),
    endedAt: iso(row.endedAt),
    endedBecause: row.endedBecause,
    aborted: row.aborted,
  }));
}

/** A page of exercises, the latest first. */
export async function listExercises(ctx: Pick<Ctx, 'db'>, filter: { limit: number; cursor?: string | undefined }) {
  let query = ctx.db
    .selectFrom('drills.exercises')
    .selectAll()
    .orderBy('number', 'desc')
    .limit(filter.limit + 1);
  if (filter.cursor) query = query.where('number', '<', Number(decodeCursor('drills.exercises', filter.cursor)[0]));
  const rows = await query.execute();
  const page = rows.slice(0, filter.limit);
  const more = rows.length > filter.limit ? page.at(-1) : undefined;
  return {
    items: await summaries(ctx, page),
    nextCursor: more ? encodeCursor('drills.exercises', [more.number]) : null,
  };
}

async function groupOf(ctx: Pick<Ctx, 'db'>, exercise: ExerciseRow) {
  if (exercise.groupIds.length === 0) return null;
  const row = await ctx.db
    .selectFrom('signals.groups')
    .select(['id', 'title', 'state'])
    .where('id', 'in', exercise.groupIds)
    .orderBy('firstAt')
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

/** The instants the product itself saw, over everything that came of the exercise. */
async function momentsOf(ctx: Pick<Ctx, 'db'>, exercise: ExerciseRow): Promise<Moments> {
  const incidents = await incidentsOf(ctx, exercise);
  const ids = ['', ...incidents.map((incident) => incident.id)];
  const pages = await ctx.db
    .selectFrom('people.pages')
    .select((eb) => [eb.fn.min('firstSentAt').as('sent'), eb.fn.min('acknowledgedAt').as('acked')])
    .where('exercise', '=', true)
    .where((eb) => eb.or([eb('subjectId', 'in', [...ids, ...exercise.groupIds]), eb('incidentId', 'in', ids)]))
    .executeTakeFirst();
  const command = await ctx.db
    .selectFrom('incidents.roleAssignments')
    .select((eb) => eb.fn.min('acceptedAt').as('at'))
    .where('incidentId', 'in', ids)
    .where('role', '=', 'incident_commander')
    .executeTakeFirst();
  const update = await ctx.db
    .selectFrom('comms.mirrors')
    .select((eb) => eb.fn.min('at').as('at'))
    .where('incidentId', 'in', ids)
    .executeTakeFirst();
  const first = incidents[0];
  return {
    paged: pages?.sent ?? null,
    acknowledged: pages?.acked ?? null,
    declared: first?.declaredAt ?? null,
    commander: command?.at ?? null,
    containmentStarted: first?.containmentStartedAt ?? null,
    contained: first?.containedAt ?? null,
    firstUpdate: update?.at ?? null,
    restored: first?.restoredAt ?? null,
  };
}

/** One exercise with everything its screen shows. 404 when there is none. */
export async function exerciseById(ctx: Pick<Ctx, 'db'>, id: string) {
  const row = isId('exr', id)
    ? await ctx.db.selectFrom('drills.exercises').selectAll().where('id', '=', id).executeTakeFirst()
    : undefined;
  if (!row) throw notFound('Exercise', id);
  const [summary] = await summaries(ctx, [row]);
  const lessons = await lessonsOf(ctx, id);
  const players = await playersOf(ctx, id);
  const people = await personRefs(ctx, [...players, ...lessons.map((lesson) => lesson.notedBy)]);
  const [incident] = await incidentsOf(ctx, row);
  return {
    ...(summary as NonNullable<typeof summary>),
    brief: row.brief,
    objectives: row.objectives,
    players: players.flatMap((player) => people.get(player) ?? []),
    group: await groupOf(ctx, row),
    incident: incident ? { id: incident.id, key: incident.key, title: incident.title, phase: incident.phase } : null,
    injects: (await injectsOf(ctx, id)).map((inject) => ({
      id: inject.id,
      kind: inject.kind,
      text: inject.content.text,
      plannedAt: inject.plannedAt.toISOString(),
      deliveredAt: iso(inject.deliveredAt),
      state: inject.state,
    })),
    observed: observed(await momentsOf(ctx, row), row.startedAt).map((moment) => ({ ...moment, at: iso(moment.at) })),
    lessons: lessons.map((lesson) => ({
      id: lesson.id,
      kind: lesson.kind,
      text: lesson.text,
      notedBy: people.get(lesson.notedBy) ?? { id: lesson.notedBy, name: 'Somebody who has left' },
      notedAt: lesson.notedAt.toISOString(),
    })),
    noneBecause: row.noneBecause,
    sweep: row.sweep,
    closedAt: iso(row.closedAt),
  };
}
