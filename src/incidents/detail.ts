/** Everything the war room shows of one incident, read at once. */
import type { Ctx, Db } from '#kernel';
import { allRoles } from '#people';
import { personRefs } from '#security';
import { durations } from './lifecycle/times.ts';
import { blastRadius, customerImpactMinutes } from './measures.ts';
import { nextFor } from './next.ts';
import { summaries } from './queries.ts';
import { actorAuthority } from './roles/authority.ts';
import { openFlags, WHY } from './roles/unfilled.ts';
import { gatesOf } from './gate-store.ts';
import { affectedOf, readIncident } from './store.ts';
import { verdictsOf } from './decisions/store.ts';
import type { ApprovalRow, DecisionRow, IncidentRow, VerdictRow } from './tables.ts';

export type Detail = Awaited<ReturnType<typeof detailOf>>;

const TIMES = [
  'impactStartedAt',
  'detectedAt',
  'declaredAt',
  'acknowledgedAt',
  'respondedAt',
  'containmentStartedAt',
  'containedAt',
  'eradicatedAt',
  'recoveryStartedAt',
  'verificationStartedAt',
  'impactEndedAt',
  'restoredAt',
  'closedAt',
] as const;

/** The clock marks of an incident, and nothing else of its row. */
export const timesOf = (incident: IncidentRow) =>
  Object.fromEntries(TIMES.map((mark) => [mark, incident[mark]])) as Pick<IncidentRow, (typeof TIMES)[number]>;

/** The incident with all its parts. Throws 404. */
export async function detailOf(ctx: Ctx, idOrKey: string) {
  const incident = await readIncident(ctx, idOrKey);
  const rows = await partsOf(ctx.db, incident.id);
  const [summary, affected, gates, verdicts, authority, next, roles, flags] = await Promise.all([
    summaries(ctx, [incident]).then((list) => list[0]!),
    affectedOf(ctx, incident.id),
    gatesOf(ctx, incident.id),
    verdictsOf(
      ctx,
      rows.approvals.map((row) => row.id),
    ),
    actorAuthority(ctx, incident),
    nextFor(ctx, incident),
    allRoles(ctx, { retired: true }),
    openFlags(ctx, incident.id),
  ]);
  const titleOf = (key: string) => roles.find((role) => role.key === key)?.title ?? key;
  const person = await namer(ctx, incident, rows, verdicts);
  const others = await keysOf(ctx, [incident.recursOf, incident.mergedInto]);
  return {
    ...summary,
    summary: incident.summary,
    kind: incident.kind,
    declaredBy: { id: incident.declaredBy, name: incident.declaredByName },
    detectedBy: incident.detectedBy,
    acknowledgedBy: incident.acknowledgedBy ? person(incident.acknowledgedBy) : null,
    impactStartConfidence: incident.impactStartConfidence,
    times: timesOf(incident),
    durations: durations(incident),
    affected: affected.map(({ serviceId, name, tier, phase, effect, addedAt }) => ({
      serviceId,
      name,
      tier,
      phase,
      effect,
      addedAt,
    })),
    phases: rows.phases.map((row) => ({
      serviceId: row.serviceId,
      phase: row.phase,
      enteredAt: row.enteredAt,
      enteredBy: person(row.enteredBy),
      leftAt: row.leftAt,
      leftBy: row.leftBy ? person(row.leftBy) : null,
      waiver: row.waiver,
      note: row.note,
    })),
    roles: rows.roles
      .filter((row) => row.toAt === null)
      .map((row) => ({
        role: row.role,
        title: titleOf(row.role),
        person: person(row.userId),
        since: row.fromAt,
        accepted: row.acceptedAt !== null,
        byRota: row.source === 'rota',
        exception: row.exception,
      })),
    unfilled: flags.map(({ role, why, since }) => ({ role, title: titleOf(role), why: WHY[why], since })),
    handovers: rows.handovers.map((row) => ({
      id: row.id,
      role: row.role,
      title: titleOf(row.role),
      from: person(row.fromUserId),
      to: person(row.toUserId),
      brief: row.brief,
      state: row.state,
      offeredAt: row.offeredAt,
      settledAt: row.settledAt,
    })),
    gates: gates.map(({ kind, holds, state, reasons, waivedReason, changedAt }) => ({
      kind,
      holds,
      state,
      reasons,
      waivedReason,
      changedAt,
    })),
    hypotheses: rows.hypotheses.map(({ incidentId: _, exercise: __, ...row }) => row),
    decisions: rows.decisions.map((row) => toldDecision(row, rows.approvals, verdicts, person)),
    approvals: rows.approvals.map((row) => toldApproval(row, incident.key, verdicts, person)),
    tasks: rows.tasks.map((row) => ({
      id: row.id,
      text: row.text,
      role: row.role,
      person: row.personId ? person(row.personId) : null,
      dueAt: row.dueAt,
      state: row.state,
      createdAt: row.createdAt,
    })),
    groups: rows.groups.map(({ groupId, title, state, firstAt, linkedAt }) => ({
      groupId,
      title,
      state,
      firstAt,
      linkedAt,
    })),
    impact: impactOf(ctx.now, incident, affected, rows.samples),
    endedReason: incident.endedReason,
    recursOf: incident.recursOf ? others.get(incident.recursOf)! : null,
    mergedInto: incident.mergedInto ? others.get(incident.mergedInto)! : null,
    next,
    yourAuthority: [...authority].toSorted(),
    version: incident.version,
  };
}

type Rows = Awaited<ReturnType<typeof partsOf>>;
type Namer = (id: string) => { id: string; name: string };

async function partsOf(db: Db, id: string) {
  const [phases, roles, handovers, hypotheses, decisions, approvals, tasks, groups, samples] = await Promise.all([
    db
      .selectFrom('incidents.phaseLog')
      .selectAll()
      .where('incidentId', '=', id)
      .orderBy('enteredAt')
      .orderBy('id')
      .execute(),
    db
      .selectFrom('incidents.roleAssignments')
      .selectAll()
      .where('incidentId', '=', id)
      .orderBy('fromAt')
      .orderBy('id')
      .execute(),
    db.selectFrom('incidents.handovers').selectAll().where('incidentId', '=', id).orderBy('offeredAt').execute(),
    db
      .selectFrom('incidents.hypotheses')
      .selectAll()
      .where('incidentId', '=', id)
      .orderBy('raisedAt')
      .orderBy('id')
      .execute(),
    db
      .selectFrom('incidents.decisions')
      .selectAll()
      .where('incidentId', '=', id)
      .orderBy('occurredAt')
      .orderBy('id')
      .execute(),
    db
      .selectFrom('incidents.approvals')
      .selectAll()
      .where('incidentId', '=', id)
      .orderBy('requestedAt')
      .orderBy('id')
      .execute(),
    db
      .selectFrom('incidents.tasks')
      .selectAll()
      .where('incidentId', '=', id)
      .orderBy('createdAt')
      .orderBy('id')
      .execute(),
    db.selectFrom('incidents.groupLinks').selectAll().where('incidentId', '=', id).orderBy('linkedAt').execute(),
    db
      .selectFrom('incidents.impactSamples')
      .selectAll()
      .where('incidentId', '=', id)
      .orderBy('at')
      .orderBy('id')
      .execute(),
  ]);
  return { phases, roles, handovers, hypotheses, decisions, approvals, tasks, groups, samples };
}

/** Everybody's name in one read; an id that is no account (a policy, a token) stands for itself. */
async function namer(ctx: Ctx, incident: IncidentRow, rows: Rows, verdicts: VerdictRow[]): Promise<Namer> {
  const names = await personRefs(ctx, [
    incident.acknowledgedBy,
    ...rows.phases.flatMap((row) => [row.enteredBy, row.leftBy]),
    ...rows.roles.map((row) => row.userId),
    ...rows.handovers.flatMap((row) => [row.fromUserId, row.toUserId]),
    ...rows.tasks.map((row) => row.personId),
    ...verdicts.map((row) => row.approverId),
  ]);
  return (id) => names.get(id) ?? { id, name: id.startsWith('system:') ? 'Evenkeel' : id };
}

async function keysOf(ctx: Ctx, ids: (string | null)[]): Promise<Map<string, { id: string; key: string }>> {
  const wanted = ids.filter((id): id is string => id !== null);
  if (wanted.length === 0) return new Map();
  const rows = await ctx.db.selectFrom('incidents.incidents').select(['id', 'key']).where('id', 'in', wanted).execute();
  return new Map(rows.map((row) => [row.id, row]));
}

export function toldApproval(row: ApprovalRow, incidentKey: string, verdicts: VerdictRow[], person: Namer) {
  return {
    id: row.id,
    incidentId: row.incidentId,
    incidentKey,
    subject: { kind: row.subjectKind, id: row.subjectId },
    title: row.title,
    note: row.note,
    authority: row.authority,
    needed: row.needed,
    requester: { id: row.requesterId, name: row.requesterName },
    selfAllowed: row.selfAllowed,
    secondFactor: row.secondFactor,
    state: row.state,
    requestedAt: row.requestedAt,
    expiresAt: row.expiresAt,
    settledAt: row.settledAt,
    verdicts: verdicts
      .filter((one) => one.approvalId === row.id)
      .map((one) => ({
        approver: person(one.approverId),
        verdict: one.verdict,
        note: one.note,
        secondFactor: one.secondFactor,
        at: one.at,
      })),
  };
}

export function toldDecision(row: DecisionRow, approvals: ApprovalRow[], verdicts: VerdictRow[], person: Namer) {
  const approval = approvals.find((one) => one.id === row.approvalId);
  const approvers = verdicts.filter((one) => one.approvalId === row.approvalId && one.verdict === 'granted');
  return {
    id: row.id,
    question: row.question,
    options: row.options,
    choice: row.choice,
    rationale: row.rationale,
    reversible: row.reversible,
    inputs: row.inputs,
    decider: { id: row.deciderId, name: row.deciderName },
    approval: approval
      ? { id: approval.id, state: approval.state, approvers: approvers.map((one) => person(one.approverId)) }
      : null,
    occurredAt: row.occurredAt,
    recordedAt: row.recordedAt,
  };
}

function impactOf(
  now: Date,
  incident: IncidentRow,
  affected: Awaited<ReturnType<typeof affectedOf>>,
  samples: Rows['samples'],
) {
  const effects = affected.map((service) => service.effect);
  const window = { startedAt: incident.impactStartedAt, endedAt: incident.impactEndedAt, now, effects };
  return {
    samples: samples.map(({ at, customers, pctRequests, services, method, region, recordedBy }) => ({
      at,
      customers,
      pctRequests,
      services,
      method,
      region,
      by: recordedBy,
    })),
    ...blastRadius(samples, incident.containedAt),
    minutes: customerImpactMinutes(window, samples),
  };
}
