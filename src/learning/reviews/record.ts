/** Gathers what the record of an incident says, from every module below: reviews derive, they do not retype. */
import { type Ctx, notFound } from '#kernel';
import { personRefs } from '#security';
import type { IncidentRecord } from './prefill.ts';

const iso = (at: Date) => at.toISOString();
const isoOrNull = (at: Date | null) => at?.toISOString() ?? null;

const roleWords = (role: string) => role.replaceAll('_', ' ');

async function phasesOf(ctx: Pick<Ctx, 'db'>, incidentId: string) {
  const rows = await ctx.db
    .selectFrom('incidents.phaseLog')
    .select(['phase', 'enteredAt', 'leftAt'])
    .where('incidentId', '=', incidentId)
    .where('serviceId', 'is', null)
    .orderBy('enteredAt')
    .execute();
  return rows.map((row) => ({ phase: row.phase, from: iso(row.enteredAt), to: isoOrNull(row.leftAt) }));
}

async function rolesOf(ctx: Pick<Ctx, 'db'>, incidentId: string) {
  const rows = await ctx.db
    .selectFrom('incidents.roleAssignments')
    .select(['role', 'userId', 'fromAt', 'toAt'])
    .where('incidentId', '=', incidentId)
    .orderBy('fromAt')
    .execute();
  const names = await personRefs(
    ctx,
    rows.map((row) => row.userId),
  );
  return rows.map((row) => ({
    role: roleWords(row.role),
    person: names.get(row.userId) ?? null,
    from: iso(row.fromAt),
    to: isoOrNull(row.toAt),
  }));
}

const hypothesesOf = (ctx: Pick<Ctx, 'db'>, incidentId: string) =>
  ctx.db
    .selectFrom('incidents.hypotheses')
    .select(['text', 'state'])
    .where('incidentId', '=', incidentId)
    .orderBy('raisedAt')
    .execute();

async function decisionsOf(ctx: Pick<Ctx, 'db'>, incidentId: string) {
  const rows = await ctx.db
    .selectFrom('incidents.decisions')
    .select(['question', 'choice', 'deciderName', 'occurredAt'])
    .where('incidentId', '=', incidentId)
    .orderBy('occurredAt')
    .execute();
  return rows.map((row) => ({
    question: row.question,
    choice: row.choice,
    by: row.deciderName,
    at: iso(row.occurredAt),
  }));
}

async function servicesOf(ctx: Pick<Ctx, 'db'>, incidentId: string): Promise<string[]> {
  const rows = await ctx.db
    .selectFrom('incidents.affectedServices')
    .select('name')
    .where('incidentId', '=', incidentId)
    .orderBy('addedAt')
    .execute();
  return rows.map((row) => row.name);
}

/** Everything a review starts from. 404 when the incident does not exist. */
export async function gatherRecord(ctx: Pick<Ctx, 'db'>, incidentId: string): Promise<IncidentRecord> {
  const row = await ctx.db
    .selectFrom('incidents.incidents')
    .select(['key', 'title', 'severity', 'summary', 'detectedBy'])
    .where('id', '=', incidentId)
    .executeTakeFirst();
  if (!row) throw notFound('Incident', incidentId);
  return {
    ...row,
    services: await servicesOf(ctx, incidentId),
    phases: await phasesOf(ctx, incidentId),
    roles: await rolesOf(ctx, incidentId),
    hypotheses: await hypothesesOf(ctx, incidentId),
    decisions: await decisionsOf(ctx, incidentId),
    containment: [],
    messages: [],
    recovery: [],
  };
}
