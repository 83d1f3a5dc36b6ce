/** The table of suggestions: what was shown, and what people made of it. */
import {
  addMs,
  type Ctx,
  type Instant,
  type Json,
  json,
  newId,
  personOf,
  type Selectable,
  type StampedAt,
  sql,
} from '#kernel';
import type { Detail, Kind, Suggestion } from './model.ts';

interface SuggestionsTable {
  id: string;
  groupId: string | null;
  incidentId: string | null;
  kind: Kind;
  value: string;
  label: string;
  reasons: string[];
  score: number;
  detail: Json<Detail>;
  state: 'shown' | 'accepted' | 'refused' | 'other' | 'withdrawn';
  via: 'click' | 'hand' | null;
  said: string | null;
  shownAt: StampedAt;
  shownTo: string | null;
  decidedAt: Instant | null;
  decidedBy: string | null;
  exercise: boolean;
}
declare module '#kernel' {
  interface Database {
    'playbooks.suggestions': SuggestionsTable;
  }
}
export type SuggestionRow = Selectable<SuggestionsTable>;

/** Whose suggestions: exactly one of the two. */
export interface Whose {
  groupId?: string | null | undefined;
  incidentId?: string | null | undefined;
}

/** What was shown about a group or an incident so far. */
export async function shownFor(ctx: Pick<Ctx, 'db'>, { groupId, incidentId }: Whose): Promise<SuggestionRow[]> {
  return await ctx.db
    .selectFrom('playbooks.suggestions')
    .selectAll()
    .where(groupId ? 'groupId' : 'incidentId', '=', groupId ?? incidentId ?? '')
    .orderBy('shownAt')
    .orderBy('id')
    .execute();
}

export const lockShown = (
  ctx: Ctx,
  { groupId, incidentId, kind, value }: Whose & { kind: Kind; value: string },
): Promise<SuggestionRow | undefined> =>
  ctx.db
    .selectFrom('playbooks.suggestions')
    .selectAll()
    .where(groupId ? 'groupId' : 'incidentId', '=', groupId ?? incidentId ?? '')
    .where('kind', '=', kind)
    .where('value', '=', value)
    .forUpdate()
    .executeTakeFirst();

/** Writes what is shown for the first time; what two people see at once is one row. Returns how many were new. */
export async function insertShown(
  ctx: Ctx,
  whose: Whose & { shownTo: string | null; exercise: boolean },
  list: readonly Suggestion[],
): Promise<number> {
  if (list.length === 0) return 0;
  const rows = list.map((one) => ({
    id: newId('sug'),
    groupId: whose.groupId ?? null,
    incidentId: whose.incidentId ?? null,
    kind: one.kind,
    value: one.value,
    label: one.label,
    reasons: one.reasons,
    score: one.score,
    detail: json(one.detail),
    shownAt: ctx.now,
    shownTo: whose.shownTo,
    state: 'shown' as const,
    exercise: whose.exercise,
  }));
  const made = await ctx.db
    .insertInto('playbooks.suggestions')
    .values(rows)
    .onConflict((oc) => oc.doNothing())
    .returning('id')
    .execute();
  await withdraw(ctx, whose, list);
  return made.length;
}

/** What another of its kind has replaced is nobody's choice any more, and what is suggested again can be taken again. */
async function withdraw(ctx: Ctx, { groupId, incidentId }: Whose, list: readonly Suggestion[]): Promise<void> {
  const still = sql<boolean>`(kind, value) in (${sql.join(list.map(({ kind, value }) => sql`(${kind}, ${value})`))})`;
  await ctx.db
    .updateTable('playbooks.suggestions')
    .set({
      state: sql`case when ${still} then 'shown' else 'withdrawn' end`,
      decidedAt: sql`case when ${still} then null else ${ctx.now}::timestamptz end`,
    })
    .where(groupId ? 'groupId' : 'incidentId', '=', groupId ?? incidentId ?? '')
    .where('state', 'in', ['shown', 'withdrawn'])
    .where('kind', 'in', [...new Set(list.map(({ kind }) => kind))])
    .where(sql<boolean>`(state = 'shown') <> ${still}`)
    .execute();
}

export async function decide(
  ctx: Ctx,
  id: string,
  to: { state: 'accepted' | 'refused' | 'other'; via: 'click' | 'hand'; said?: string | undefined },
): Promise<void> {
  await ctx.db
    .updateTable('playbooks.suggestions')
    .set({
      state: to.state,
      via: to.via,
      said: to.said ?? null,
      decidedAt: ctx.now,
      decidedBy: personOf(ctx.actor) ?? null,
    })
    .where('id', '=', id)
    .execute();
}

/**
 * Somebody did by hand what was, or was not, suggested. What was chosen counts as accepted, another one of the same kind
 * that stood beside it as passed over. Things people refused stay refused.
 */
export async function settleByHand(
  ctx: Ctx,
  whose: { groupIds: string[]; incidentId?: string | undefined },
  kind: Kind,
  value: string,
): Promise<void> {
  const said = kind === 'severity' ? `SEV${value}` : value;
  await ctx.db
    .updateTable('playbooks.suggestions')
    .set({
      state: sql`case when value = ${value} then 'accepted' else 'other' end`,
      via: 'hand',
      said: sql`case when value = ${value} then null else ${said} end`,
      decidedAt: ctx.now,
      decidedBy: personOf(ctx.actor) ?? null,
    })
    .where('state', '=', 'shown')
    .where('kind', '=', kind)
    .where((eb) =>
      eb.or([
        eb('groupId', 'in', [...whose.groupIds, '']),
        ...(whose.incidentId ? [eb('incidentId', '=', whose.incidentId)] : []),
      ]),
    )
    .execute();
}

const HALF_YEAR_MS = 180 * 86_400_000;

/** Refusals less acceptances of playbooks and fixes in the last half year, by `kind:value`. */
export async function refusalsLately(ctx: Pick<Ctx, 'db' | 'now'>): Promise<Map<string, number>> {
  const rows = await ctx.db
    .selectFrom('playbooks.suggestions')
    .select(['kind', 'value', sql<number>`sum(case when state = 'refused' then 1 else -1 end)::int`.as('n')])
    .where('kind', 'in', ['playbook', 'fix'])
    .where('state', 'in', ['accepted', 'refused'])
    .where('exercise', '=', false)
    .where('decidedAt', '>', addMs(ctx.now, -HALF_YEAR_MS))
    .groupBy(['kind', 'value'])
    .having(sql<boolean>`sum(case when state = 'refused' then 1 else -1 end) > 0`)
    .execute();
  return new Map(rows.map(({ kind, value, n }) => [`${kind}:${value}`, n]));
}

/** The alert groups of an incident. */
export async function groupsOf(ctx: Pick<Ctx, 'db'>, incidentId: string): Promise<string[]> {
  const rows = await ctx.db
    .selectFrom('signals.groups')
    .select('id')
    .where('incidentId', '=', incidentId)
    .limit(500)
    .execute();
  return rows.map(({ id }) => id);
}
