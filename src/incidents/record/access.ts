/** Who may read a restricted incident: its list, and what joining it means. */
import { type Ctx, drawVeil, liftVeil, personOf, readersOf } from '#kernel';
import { stopPages } from '#people';
import { listUsers, personRefs } from '#security';
import { readIncident } from '../store.ts';
import type { IncidentRow } from '../tables.ts';

export interface Access {
  restricted: boolean;
  /** Empty when everybody may read it. */
  people: { id: string; name: string }[];
}

/** Who may read the incident. Throws 404, also for whoever is not on the list. */
export async function accessOf(ctx: Ctx, idOrKey: string): Promise<Access> {
  const incident = await readIncident(ctx, idOrKey);
  const readers = incident.restricted ? ((await readersOf(ctx, incident.id)) ?? []) : [];
  const names = await personRefs(ctx, readers);
  return { restricted: incident.restricted, people: readers.map((id) => names.get(id) ?? { id, name: id }) };
}

/** The people asked for, the actor, and whoever holds a role: nobody who works on it is shut out. */
export async function listFor(ctx: Ctx, incidentId: string, asked: string[]): Promise<string[]> {
  const holders = await ctx.db
    .selectFrom('incidents.roleAssignments')
    .select('userId')
    .where('incidentId', '=', incidentId)
    .where('toAt', 'is', null)
    .execute();
  const self = personOf(ctx.actor);
  return [...new Set([...(self ? [self] : []), ...asked, ...holders.map((row) => row.userId)])];
}

/** Of these ids, those that are no active account. */
export async function strangers(ctx: Ctx, ids: string[]): Promise<string[]> {
  const active = new Set((await listUsers(ctx)).filter((user) => user.active).map((user) => user.id));
  return ids.filter((id) => !active.has(id));
}

/** Shuts the incident for everybody outside the list; pages that call others for it stop. */
export async function restrict(ctx: Ctx, incident: IncidentRow, readers: string[]): Promise<void> {
  await drawVeil(ctx, incident.id, readers);
  await mark(ctx, incident.id, true);
  await stopPages(ctx, { subject: { kind: 'incident', id: incident.id }, reason: 'the incident is restricted now' });
}

export async function open(ctx: Ctx, incident: IncidentRow): Promise<void> {
  await liftVeil(ctx, incident.id);
  await mark(ctx, incident.id, false);
}

const mark = (ctx: Ctx, id: string, restricted: boolean) =>
  ctx.db.updateTable('incidents.incidents').set({ restricted }).where('id', '=', id).execute();
