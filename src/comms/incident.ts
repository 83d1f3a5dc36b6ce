/** What comms reads of an incident: the row, its people, its services, whether its cause is known. One door, so that changes below touch one file. */

import { AUTHORITY_TOKENS, authorityOf, incidentById } from '#incidents';
import { type Actor, type Ctx, personOf } from '#kernel';
import type { SkeletonFacts } from './messages/skeleton.ts';

/** The incident by id or key; 404 when there is none. The context becomes a drill's when the incident is one. */
export async function theIncident(ctx: Ctx, idOrKey: string) {
  const incident = await incidentById(ctx, idOrKey);
  ctx.exercise = incident.exercise;
  ctx.audit.incident = incident.id;
  return incident;
}
export type Incident = Awaited<ReturnType<typeof theIncident>>;

/** The id under which an actor holds roles. */
export const selfOf = (actor: Actor): string => personOf(actor) ?? actor.id;

/** Authority tokens of the actor on the incident now; the product's own engines hold every one. */
export async function authority(ctx: Ctx, incidentId: string): Promise<ReadonlySet<string>> {
  if (ctx.actor.kind === 'system') return new Set(AUTHORITY_TOKENS);
  return authorityOf(ctx, incidentId, selfOf(ctx.actor));
}

/** True when a hypothesis is supported or confirmed: only then is a cause “identified”. */
export async function causeKnown(ctx: Pick<Ctx, 'db'>, incidentId: string): Promise<boolean> {
  const row = await ctx.db
    .selectFrom('incidents.hypotheses')
    .select('id')
    .where('incidentId', '=', incidentId)
    .where('state', 'in', ['supported', 'confirmed'])
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Answers that the technical liaison and others gave in plain words: they may be quoted as they stand (M32b). */
export async function plainAnswers(
  ctx: Pick<Ctx, 'db'>,
  incidentId: string,
  /** Only what was answered after this: what a writer has struck once does not come back. */
  since: Date | null,
): Promise<string[]> {
  let query = ctx.db
    .selectFrom('incidents.questions')
    .select('answer')
    .where('incidentId', '=', incidentId)
    .where('state', '=', 'answered')
    .where('plain', '=', true)
    .orderBy('settledAt')
    .limit(10);
  if (since) query = query.where('settledAt', '>', since);
  const rows = await query.execute();
  return rows.map(({ answer }) => answer);
}

/** Visible components on the affected services, each with the worst effect on one of them. */
export async function affectedComponents(
  ctx: Pick<Ctx, 'db'>,
  incidentId: string,
): Promise<SkeletonFacts['components']> {
  const rows = await ctx.db
    .selectFrom('comms.components as c')
    .innerJoin('comms.componentServices as s', 's.componentId', 'c.id')
    .innerJoin('incidents.affectedServices as a', 'a.serviceId', 's.serviceId')
    .select(['c.id', 'c.name', 'c.state', 'a.effect'])
    .where('a.incidentId', '=', incidentId)
    .where('c.archivedAt', 'is', null)
    .where('c.visible', '=', true)
    .orderBy('c.position')
    .orderBy('c.name')
    .execute();
  const order = ['none', 'slow', 'wrong_data', 'partial', 'down'];
  const worst = new Map<string, (typeof rows)[number]>();
  for (const row of rows) {
    const known = worst.get(row.id);
    if (!known || order.indexOf(row.effect) > order.indexOf(known.effect)) worst.set(row.id, row);
  }
  return [...worst.values()];
}

/** Authority tokens of a person on the incident now; empty for the system and the unknown. */
export const authorityOfPerson = (ctx: Ctx, incidentId: string, userId: string): Promise<ReadonlySet<string>> =>
  authorityOf(ctx, incidentId, userId);

/** Who holds which role now. */
export async function roleHolders(ctx: Pick<Ctx, 'db'>, incidentId: string): Promise<Map<string, string[]>> {
  const rows = await ctx.db
    .selectFrom('incidents.roleAssignments')
    .select(['role', 'userId'])
    .where('incidentId', '=', incidentId)
    .where('toAt', 'is', null)
    .orderBy('fromAt')
    .execute();
  const map = new Map<string, string[]>();
  for (const { role, userId } of rows) map.set(role, [...(map.get(role) ?? []), userId]);
  return map;
}
