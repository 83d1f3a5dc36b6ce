/** Gathers what the record of an incident says, from every module below: reviews derive, they do not retype. */
import { type Ctx, notFound, sql } from '#kernel';
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

/** What was done against the harm: actions of playbooks with their outcome, and what people did by hand. */
async function containmentOf(ctx: Pick<Ctx, 'db'>, incidentId: string) {
  const actions = await ctx.db
    .selectFrom('playbooks.actionRuns')
    .select(['title', 'state', 'startedAt'])
    .where('incidentId', '=', incidentId)
    .orderBy('requestedAt')
    .execute();
  const byHand = await ctx.db
    .selectFrom('incidents.timeline')
    .select(['text', 'occurredAt'])
    .where('incidentId', '=', incidentId)
    .where('kind', '=', 'action')
    .where('actorKind', '=', 'user')
    .where(sql<boolean>`refs = '[]'::jsonb`)
    .orderBy('seq')
    .execute();
  return [
    ...actions.map((row) => ({ text: row.title, state: row.state.replaceAll('_', ' '), at: isoOrNull(row.startedAt) })),
    ...byHand.map((row) => ({ text: row.text, state: 'by hand', at: iso(row.occurredAt) })),
  ].sort((a, b) => (a.at ?? '~').localeCompare(b.at ?? '~'));
}

/** Every message that went out; a drill's went to its mirror. */
async function messagesOf(ctx: Pick<Ctx, 'db'>, incidentId: string) {
  const rows = await ctx.db
    .selectFrom('comms.revisions')
    .select(['fields', 'publishedAt', 'exercise'])
    .where('incidentId', '=', incidentId)
    .where('publishedAt', 'is not', null)
    .orderBy('publishedAt')
    .execute();
  return rows.map((row) => ({
    headline: row.fields.headline,
    audience: row.exercise ? 'drill mirror' : 'customers',
    at: iso(row.publishedAt as Date),
  }));
}

/** Questions that nobody answered: the review begins with them. */
async function openQuestionsOf(ctx: Pick<Ctx, 'db'>, incidentId: string) {
  const rows = await ctx.db
    .selectFrom('incidents.questions')
    .select(['text', 'ownerId', 'askedAt'])
    .where('incidentId', '=', incidentId)
    .where('state', '=', 'open')
    .orderBy('askedAt')
    .execute();
  const names = await personRefs(
    ctx,
    rows.map((row) => row.ownerId),
  );
  return rows.map(({ text, ownerId, askedAt }) => ({
    text,
    owner: names.get(ownerId ?? '')?.name ?? null,
    askedAt: iso(askedAt),
  }));
}

/** Kinds by which an incident is told; alerts, pages and the keeping of lanes are left to the incident itself. */
const TOLD = [
  'declared',
  'severity',
  'phase',
  'impact',
  'hypothesis',
  'decision',
  'action',
  'approval',
  'message',
  'recovery',
  'note',
] as const;
const LONGEST = 300;

async function storyOf(ctx: Pick<Ctx, 'db'>, incidentId: string) {
  const rows = await ctx.db
    .selectFrom('incidents.timeline')
    .select(['seq', 'occurredAt', 'actorName', 'text'])
    .where('incidentId', '=', incidentId)
    .where('kind', 'in', [...TOLD])
    .orderBy('seq')
    .limit(LONGEST)
    .execute();
  return rows.map(({ seq, occurredAt, actorName, text }) => ({ seq, at: iso(occurredAt), by: actorName, text }));
}

/** Which readiness criteria were checked, and how each stood in the end. */
async function recoveryOf(ctx: Pick<Ctx, 'db'>, incidentId: string): Promise<string[]> {
  const { rows } = await sql<{ name: string; verdict: string; detail: string; soak: number; restarts: number }>`
    select c.name, c.verdict, c.detail, p.soak_seconds as soak, p.restarts
    from recovery.plans p join recovery.criteria c on c.plan_id = p.id
    where p.incident_id = ${incidentId} and c.removed_at is null order by c.position`.execute(ctx.db);
  const [first] = rows;
  if (!first) return [];
  const again =
    first.restarts === 0 ? '' : `, started again ${first.restarts === 1 ? 'once' : `${first.restarts} times`}`;
  return [`Soak of ${first.soak} s${again}`, ...rows.map((row) => `${row.name}: ${row.verdict} (${row.detail})`)];
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
    containment: await containmentOf(ctx, incidentId),
    messages: await messagesOf(ctx, incidentId),
    questions: await openQuestionsOf(ctx, incidentId),
    timeline: await storyOf(ctx, incidentId),
    recovery: await recoveryOf(ctx, incidentId),
  };
}
