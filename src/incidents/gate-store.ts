/** SQL that writes what an incident waits for and what it came from: gates, and links to alert groups. */
import { type Ctx, json } from '#kernel';
import type { GateState } from './lifecycle/model.ts';
import type { GateRow, IncidentRow } from './tables.ts';

/** The gates of an incident as they count now: an answer that nobody has measured again in time is open (unknown is not true). */
export async function gatesOf(ctx: Pick<Ctx, 'db' | 'now'>, incidentId: string): Promise<GateRow[]> {
  const rows = await ctx.db
    .selectFrom('incidents.gates')
    .selectAll()
    .where('incidentId', '=', incidentId)
    .orderBy('holds', 'desc')
    .orderBy('kind')
    .execute();
  return rows.map((gate) =>
    gate.state === 'closed' && gate.goodUntil !== null && gate.goodUntil < ctx.now
      ? { ...gate, state: 'open', reasons: [`Not measured since ${gate.goodUntil.toISOString().slice(11, 16)} UTC`] }
      : gate,
  );
}

/** Says how long an answer that has not changed goes on counting. */
export async function keepGate(ctx: Ctx, incidentId: string, kind: string, goodUntil: Date | null): Promise<void> {
  await ctx.db
    .updateTable('incidents.gates')
    .set({ goodUntil })
    .where('incidentId', '=', incidentId)
    .where('kind', '=', kind)
    .execute();
}

/** Opens a gate unless it is there already, in whatever state: opening twice never undoes an answer. */
export async function insertGate(
  ctx: Ctx,
  incident: IncidentRow,
  gate: { holds: 'restore' | 'close'; kind: string; reason: string },
): Promise<boolean> {
  const rows = await ctx.db
    .insertInto('incidents.gates')
    .values({
      incidentId: incident.id,
      kind: gate.kind,
      holds: gate.holds,
      reasons: json([gate.reason]),
      state: 'open',
      changedAt: ctx.now,
      exercise: incident.exercise,
    })
    .onConflict((oc) => oc.columns(['incidentId', 'kind']).doNothing())
    .returning('kind')
    .execute();
  return rows.length > 0;
}

export async function saveGate(
  ctx: Ctx,
  incidentId: string,
  kind: string,
  change: {
    state: GateState['state'];
    reasons: string[];
    waivedBy?: string | null;
    waivedReason?: string | null;
    goodUntil?: Date | null;
  },
): Promise<GateRow | undefined> {
  return ctx.db
    .updateTable('incidents.gates')
    .set({
      state: change.state,
      reasons: json(change.reasons),
      waivedBy: change.waivedBy ?? null,
      waivedReason: change.waivedReason ?? null,
      goodUntil: change.goodUntil ?? null,
      changedAt: ctx.now,
    })
    .where('incidentId', '=', incidentId)
    .where('kind', '=', kind)
    .returningAll()
    .executeTakeFirst();
}

/** Links an alert group; false when it was linked before. */
export async function insertGroupLink(
  ctx: Ctx,
  incident: IncidentRow,
  group: { id: string; title: string; firing: boolean; firstAt: Date },
): Promise<boolean> {
  const rows = await ctx.db
    .insertInto('incidents.groupLinks')
    .values({
      incidentId: incident.id,
      groupId: group.id,
      title: group.title,
      state: group.firing ? 'firing' : 'resolved',
      firstAt: group.firstAt,
      linkedAt: ctx.now,
      changedAt: ctx.now,
      exercise: incident.exercise,
    })
    .onConflict((oc) => oc.columns(['incidentId', 'groupId']).doNothing())
    .returning('groupId')
    .execute();
  return rows.length > 0;
}

/** Notes what a linked group's source says now, wherever the group is linked; returns the links that changed. */
export const setGroupState = (
  ctx: Ctx,
  groupId: string,
  state: 'firing' | 'resolved',
): Promise<{ incidentId: string; title: string }[]> =>
  ctx.db
    .updateTable('incidents.groupLinks')
    .set({ state, changedAt: ctx.now })
    .where('groupId', '=', groupId)
    .where('state', '!=', state)
    .returning(['incidentId', 'title'])
    .execute();
