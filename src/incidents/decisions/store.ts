/** SQL that writes hypotheses, decisions, approvals, tasks and impact samples. */
import { type Ctx, json, newId } from '#kernel';
import type {
  ApprovalRow,
  DecisionRow,
  Evidence,
  HypothesisRow,
  IncidentRow,
  ImpactRow,
  TaskRow,
  VerdictRow,
} from '../tables.ts';
import type { HypothesisState } from './model.ts';

export const insertHypothesis = (ctx: Ctx, incident: IncidentRow, text: string): Promise<HypothesisRow> =>
  ctx.db
    .insertInto('incidents.hypotheses')
    .values({
      id: newId('hyp'),
      incidentId: incident.id,
      text,
      state: 'open',
      evidence: json([] as Evidence[]),
      raisedBy: ctx.actor.name,
      raisedAt: ctx.now,
      changedAt: ctx.now,
      exercise: incident.exercise,
    })
    .returningAll()
    .executeTakeFirstOrThrow();

export const lockHypothesis = (ctx: Ctx, id: string): Promise<HypothesisRow | undefined> =>
  ctx.db.selectFrom('incidents.hypotheses').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();

export const saveHypothesis = (
  ctx: Ctx,
  id: string,
  state: HypothesisState,
  evidence: Evidence[],
): Promise<HypothesisRow> =>
  ctx.db
    .updateTable('incidents.hypotheses')
    .set({ state, evidence: json(evidence), changedAt: ctx.now })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();

type NewApproval = Pick<
  ApprovalRow,
  | 'subjectKind'
  | 'subjectId'
  | 'title'
  | 'note'
  | 'authority'
  | 'needed'
  | 'selfAllowed'
  | 'expiresAt'
  | 'secondFactor'
  | 'requesterId'
  | 'requesterName'
>;

export const insertApproval = (ctx: Ctx, incident: IncidentRow, fields: NewApproval): Promise<ApprovalRow> =>
  ctx.db
    .insertInto('incidents.approvals')
    .values({
      ...fields,
      id: newId('apr'),
      incidentId: incident.id,
      state: 'pending',
      requestedAt: ctx.now,
      exercise: incident.exercise,
    })
    .returningAll()
    .executeTakeFirstOrThrow();

export const pendingApproval = (ctx: Ctx, subject: { kind: string; id: string }): Promise<ApprovalRow | undefined> =>
  ctx.db
    .selectFrom('incidents.approvals')
    .selectAll()
    .where('subjectKind', '=', subject.kind)
    .where('subjectId', '=', subject.id)
    .where('state', '=', 'pending')
    .executeTakeFirst();

export const lockApproval = (ctx: Ctx, id: string): Promise<ApprovalRow | undefined> =>
  ctx.db.selectFrom('incidents.approvals').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();

export const settleApproval = (ctx: Ctx, id: string, state: ApprovalRow['state']): Promise<ApprovalRow> =>
  ctx.db
    .updateTable('incidents.approvals')
    .set({ state, settledAt: ctx.now })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();

export const verdictsOf = (ctx: Pick<Ctx, 'db'>, approvalIds: string[]): Promise<VerdictRow[]> =>
  approvalIds.length === 0
    ? Promise.resolve([])
    : ctx.db
        .selectFrom('incidents.approvalVerdicts')
        .selectAll()
        .where('approvalId', 'in', approvalIds)
        .orderBy('at')
        .execute();

export async function insertVerdict(
  ctx: Ctx,
  approval: ApprovalRow,
  approverId: string,
  verdict: 'granted' | 'refused',
  note: string,
  secondFactor: 'code' | 'none' | null,
): Promise<void> {
  await ctx.db
    .insertInto('incidents.approvalVerdicts')
    .values({
      approvalId: approval.id,
      approverId,
      requesterId: approval.requesterId,
      selfAllowed: approval.selfAllowed,
      verdict,
      note,
      secondFactor,
      at: ctx.now,
      exercise: approval.exercise,
    })
    .execute();
}

type NewDecision = Pick<
  DecisionRow,
  | 'id'
  | 'question'
  | 'options'
  | 'choice'
  | 'rationale'
  | 'inputs'
  | 'occurredAt'
  | 'approvalId'
  | 'pointId'
  | 'reversible'
>;

export const insertDecision = (ctx: Ctx, incident: IncidentRow, fields: NewDecision): Promise<DecisionRow> =>
  ctx.db
    .insertInto('incidents.decisions')
    .values({
      ...fields,
      options: json(fields.options),
      inputs: json(fields.inputs),
      incidentId: incident.id,
      deciderId: ctx.actor.id,
      deciderName: ctx.actor.name,
      recordedAt: ctx.now,
      exercise: incident.exercise,
    })
    .returningAll()
    .executeTakeFirstOrThrow();

type NewTask = Pick<TaskRow, 'text' | 'role' | 'personId' | 'dueAt'>;

export const insertTask = (ctx: Ctx, incident: IncidentRow, fields: NewTask): Promise<TaskRow> =>
  ctx.db
    .insertInto('incidents.tasks')
    .values({
      ...fields,
      id: newId('tsk'),
      incidentId: incident.id,
      state: 'open',
      createdBy: ctx.actor.id,
      createdAt: ctx.now,
      changedAt: ctx.now,
      exercise: incident.exercise,
    })
    .returningAll()
    .executeTakeFirstOrThrow();

export const lockTask = (ctx: Ctx, id: string): Promise<TaskRow | undefined> =>
  ctx.db.selectFrom('incidents.tasks').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();

export const saveTask = (
  ctx: Ctx,
  id: string,
  change: Partial<Pick<TaskRow, 'state' | 'personId'>>,
): Promise<TaskRow> =>
  ctx.db
    .updateTable('incidents.tasks')
    .set({ ...change, changedAt: ctx.now })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();

type NewSample = Pick<ImpactRow, 'at' | 'customers' | 'pctRequests' | 'services' | 'method' | 'region'>;

export const insertSample = (ctx: Ctx, incident: IncidentRow, sample: NewSample): Promise<ImpactRow> =>
  ctx.db
    .insertInto('incidents.impactSamples')
    .values({
      ...sample,
      services: json(sample.services),
      id: newId('imp'),
      incidentId: incident.id,
      recordedBy: ctx.actor.name,
      exercise: incident.exercise,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
