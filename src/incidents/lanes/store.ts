/** SQL that writes lanes and their checklists, and the gate by which closing waits for them. */
import { type Ctx, emit, newId, notFound, readSetting } from '#kernel';
import { gateChanged } from '../events.ts';
import { gatesOf, insertGate, saveGate } from '../gate-store.ts';
import { selfOf } from '../roles/authority.ts';
import { COMMANDER } from '../roles/model.ts';
import { lanePolicy } from '../settings.ts';
import type { IncidentRow } from '../tables.ts';
import type { LaneItemRow, LaneRow } from '../tables-command.ts';
import { type LanePlan, whatHolds } from './model.ts';

/** The gate that stands for every lane that holds closing. */
export const LANES_GATE = 'incidents.lanes';

export const lanesOf = (ctx: Pick<Ctx, 'db'>, incidentId: string): Promise<LaneRow[]> =>
  ctx.db
    .selectFrom('incidents.lanes')
    .selectAll()
    .where('incidentId', '=', incidentId)
    .orderBy('openedAt')
    .orderBy('holdsClose')
    .orderBy('title')
    .execute();

export const itemsOf = (ctx: Pick<Ctx, 'db'>, incidentId: string): Promise<LaneItemRow[]> =>
  ctx.db
    .selectFrom('incidents.laneItems')
    .selectAll()
    .where('incidentId', '=', incidentId)
    .orderBy('lane')
    .orderBy('position')
    .execute();

/** Opens the lanes that policy asks for at this severity; those already there keep their state (invariant 15). */
export async function openLanes(ctx: Ctx, incident: IncidentRow): Promise<void> {
  const policy = await readSetting(ctx, lanePolicy);
  if (!policy.severities.includes(incident.severity) || policy.lanes.length === 0) return;
  const there = new Set((await lanesOf(ctx, incident.id)).map(({ lane }) => lane));
  const known = await ctx.db.selectFrom('people.roles').select('key').execute();
  const roles = new Set(known.map(({ key }) => key));
  for (const plan of policy.lanes) {
    if (there.has(plan.lane)) continue;
    await insertLane(ctx, incident, { ...plan, role: plan.role && roles.has(plan.role) ? plan.role : null });
  }
  await refreshLaneGate(ctx, incident);
}

/** Who declares answers for a lane that holds closing until somebody takes the role (M69): it never begins with nobody. */
const firstOwner = (ctx: Ctx, plan: LanePlan): string | null => {
  const responds = ctx.actor.roles.some((role) => role === 'responder' || role === 'manager' || role === 'admin');
  return plan.holdsClose && responds && ctx.actor.kind === 'user' ? selfOf(ctx.actor) : null;
};

/** Writes a lane with its checklist. */
export async function insertLane(ctx: Ctx, incident: IncidentRow, plan: LanePlan): Promise<void> {
  const holder = plan.role ? await holderOf(ctx, incident.id, plan.role) : undefined;
  await ctx.db
    .insertInto('incidents.lanes')
    .values({
      incidentId: incident.id,
      lane: plan.lane,
      title: plan.title,
      role: plan.role,
      ownerId: holder ?? firstOwner(ctx, plan),
      state: 'unstaffed',
      conditions: '',
      actions: '',
      needs: '',
      holdsClose: plan.holdsClose,
      openedAt: ctx.now,
      exercise: incident.exercise,
    })
    .execute();
  for (const [position, text] of plan.items.entries()) await insertItem(ctx, incident, plan.lane, position, text);
}

const holderOf = async (ctx: Ctx, incidentId: string, role: string): Promise<string | undefined> =>
  (
    await ctx.db
      .selectFrom('incidents.roleAssignments')
      .select('userId')
      .where('incidentId', '=', incidentId)
      .where('role', '=', role)
      .where('toAt', 'is', null)
      .executeTakeFirst()
  )?.userId;

export async function insertItem(
  ctx: Ctx,
  incident: IncidentRow,
  lane: string,
  position: number,
  text: string,
): Promise<void> {
  await ctx.db
    .insertInto('incidents.laneItems')
    .values({
      id: newId('lit'),
      incidentId: incident.id,
      lane,
      position,
      text,
      state: 'open',
      note: '',
      exercise: incident.exercise,
    })
    .execute();
}

/** The lane, locked; 404 with the lanes there are. */
export async function lockLane(ctx: Ctx, incident: IncidentRow, lane: string): Promise<LaneRow> {
  const row = await ctx.db
    .selectFrom('incidents.lanes')
    .selectAll()
    .where('incidentId', '=', incident.id)
    .where('lane', '=', lane)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw notFound('Lane', /^[a-z0-9_]{1,40}$/.test(lane) ? lane : undefined);
  return row;
}

export const saveLane = (ctx: Ctx, row: LaneRow, change: Partial<LaneRow>): Promise<LaneRow> =>
  ctx.db
    .updateTable('incidents.lanes')
    .set(change)
    .where('incidentId', '=', row.incidentId)
    .where('lane', '=', row.lane)
    .returningAll()
    .executeTakeFirstOrThrow();

/** Whoever takes a role answers for its lanes; a commander answers for a lane that nobody answers for and that must be signed. */
export async function laneFollowsRole(ctx: Ctx, incidentId: string, role: string, userId: string): Promise<void> {
  await ctx.db
    .updateTable('incidents.lanes')
    .set({ ownerId: userId })
    .where('incidentId', '=', incidentId)
    .where('state', '!=', 'signed')
    .where((eb) =>
      role === COMMANDER
        ? eb.or([eb('role', '=', role), eb.and([eb('ownerId', 'is', null), eb('holdsClose', '=', true)])])
        : eb('role', '=', role),
    )
    .execute();
}

/** Says through the gate what closing still waits for; opens it with the first lane that holds closing. */
export async function refreshLaneGate(ctx: Ctx, incident: IncidentRow): Promise<void> {
  const lanes = await lanesOf(ctx, incident.id);
  if (!lanes.some(({ holdsClose }) => holdsClose)) return;
  const reasons = whatHolds(lanes, await itemsOf(ctx, incident.id));
  const gate = (await gatesOf(ctx, incident.id)).find(({ kind }) => kind === LANES_GATE);
  if (!gate)
    await insertGate(ctx, incident, { holds: 'close', kind: LANES_GATE, reason: reasons[0] ?? 'not answered yet' });
  // Waived with authority: nothing that happens in the lane takes the waiver away.
  if (gate?.state === 'waived') return;
  const state = reasons.length > 0 ? 'open' : 'closed';
  await saveGate(ctx, incident.id, LANES_GATE, {
    state,
    reasons: reasons.length > 0 ? reasons : ['every lane is signed'],
  });
  if (gate && gate.state === state) return;
  const payload = { incidentId: incident.id, key: incident.key, kind: LANES_GATE, state };
  await emit(ctx, gateChanged, payload, { subject: incident.id, incident: incident.id });
}

/** After a relapse nobody has signed for what happened since. */
export async function unsignLanes(ctx: Ctx, incident: IncidentRow): Promise<void> {
  await ctx.db
    .updateTable('incidents.lanes')
    .set({ state: 'working', signedAt: null, signedBy: null })
    .where('incidentId', '=', incident.id)
    .where('state', '=', 'signed')
    .execute();
  await refreshLaneGate(ctx, incident);
}
