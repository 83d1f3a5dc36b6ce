/** Reads improvements for screens: the board everybody signed in may see, one of them, and the counts. */
import { type Ctx, decodeCursor, encodeCursor, isId, notFound, personOf } from '#kernel';
import { personRefs } from '#security';
import { type ActionState, type ActionType, isOverdue } from './model.ts';
import { type ActionRow, actionKey } from './store.ts';

const iso = (at: Date | null) => at?.toISOString() ?? null;

/** Improvements as a screen shows them, names and incidents included. */
export async function showActions(ctx: Pick<Ctx, 'db' | 'now'>, rows: readonly ActionRow[]) {
  const names = await personRefs(
    ctx,
    rows.flatMap((row) => [row.ownerId, row.proposedBy]),
  );
  const ids = rows.flatMap((row) => row.incidentId ?? []);
  const incidents =
    ids.length === 0
      ? []
      : await ctx.db
          .selectFrom('incidents.incidents')
          .select(['id', 'key', 'title', 'severity'])
          .where('id', 'in', ids)
          .execute();
  return rows.map((row) => ({
    id: row.id,
    key: actionKey(row),
    title: row.title,
    detail: row.detail,
    type: row.type,
    strength: row.strength,
    state: row.state,
    owner: names.get(row.ownerId ?? '') ?? null,
    dueOn: row.dueOn,
    dueZone: row.dueZone,
    dueAt: iso(row.dueAt),
    originalDueOn: row.originalDueOn,
    overdue: isOverdue(row, ctx.now),
    exercise: row.exercise,
    reviewId: row.reviewId,
    incident: incidents.find((incident) => incident.id === row.incidentId) ?? null,
    proposedBy: names.get(row.proposedBy)?.name ?? row.proposedBy,
    proposedAt: row.proposedAt.toISOString(),
    settledAt: iso(row.settledAt),
    settledNote: row.settledNote,
    version: row.version,
  }));
}

export type Show = 'open' | 'proposed' | 'overdue' | 'settled' | 'all';
const states: Record<Show, readonly ActionState[]> = {
  open: ['confirmed', 'in_progress'],
  proposed: ['proposed'],
  overdue: ['confirmed', 'in_progress'],
  settled: ['done', 'rejected', 'superseded'],
  all: ['proposed', 'confirmed', 'in_progress', 'done', 'rejected', 'superseded'],
};

export interface ActionFilter {
  limit: number;
  cursor?: string | undefined;
  show: Show;
  mine: boolean;
  type?: ActionType | undefined;
}

/** A page of the board. What is to be done stands in the order of its due day; the rest newest first. */
export async function listActions(ctx: Pick<Ctx, 'db' | 'now' | 'actor'>, filter: ActionFilter) {
  const byDue = filter.show === 'open' || filter.show === 'overdue';
  const kind = `learning.actions.${filter.show}`;
  let query = ctx.db
    .selectFrom('learning.actions')
    .selectAll()
    .where('state', 'in', states[filter.show])
    .limit(filter.limit + 1);
  query = byDue ? query.orderBy('dueAt').orderBy('number') : query.orderBy('number', 'desc');
  if (filter.show === 'overdue') query = query.where('dueAt', '<=', ctx.now);
  if (filter.mine) query = query.where('ownerId', '=', personOf(ctx.actor) ?? '');
  if (filter.type) query = query.where('type', '=', filter.type);
  if (filter.cursor) {
    const [dueAt, number] = decodeCursor(kind, filter.cursor);
    query = byDue
      ? query.where((eb) => eb(eb.refTuple('dueAt', 'number'), '>', eb.tuple(new Date(String(dueAt)), Number(number))))
      : query.where('number', '<', Number(number));
  }
  const rows = await query.execute();
  const page = rows.slice(0, filter.limit);
  const more = rows.length > filter.limit ? page.at(-1) : undefined;
  return {
    items: await showActions(ctx, page),
    nextCursor: more ? encodeCursor(kind, [iso(more.dueAt), more.number]) : null,
  };
}

/** One improvement. 404 when there is none. */
export async function actionById(ctx: Pick<Ctx, 'db' | 'now'>, id: string) {
  const row = isId('imp', id)
    ? await ctx.db.selectFrom('learning.actions').selectAll().where('id', '=', id).executeTakeFirst()
    : undefined;
  if (!row) throw notFound('Improvement', id);
  const [shown] = await showActions(ctx, [row]);
  return shown as NonNullable<typeof shown>;
}

/** How many improvements are open, late and done; drills' own ones are told apart and not counted here. */
export async function countActions(ctx: Pick<Ctx, 'db' | 'now'>) {
  const rows = await ctx.db
    .selectFrom('learning.actions')
    .select(['state', 'dueAt'])
    .where('exercise', '=', false)
    .execute();
  const open = rows.filter((row) => row.state === 'confirmed' || row.state === 'in_progress');
  return {
    open: open.length,
    overdue: open.filter((row) => isOverdue(row, ctx.now)).length,
    done: rows.filter((row) => row.state === 'done').length,
  };
}
