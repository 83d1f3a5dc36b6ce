/** Records a decision as it was taken: the question, what else was possible, why, and on what was known. */
import { conflict, type Ctx, emit, newId, notFound, readSetting, type SettingDefinition } from '#kernel';
import { command } from '#security';
import { insertDecision } from '../decisions/store.ts';
import { factsOf, inputsOf, judge } from '../decisions/facts.ts';
import { decisionRecorded } from '../events.ts';
import { checkOccurredAt } from '../lifecycle/times.ts';
import { storable } from '../record/model.ts';
import { refuseSecrets, write } from '../record/write.ts';
import { approvalPolicy, gatePolicy, lanePolicy, policyVersion, severityMatrix } from '../settings.ts';
import { lockIncident, problemOf } from '../store.ts';
import type { DecisionRow, IncidentRow } from '../tables.ts';
import type { PointRow } from '../tables-command.ts';
import { requestApproval } from './requestApproval.ts';

export interface RecordDecisionInput {
  incidentId: string;
  question: string;
  options?: string[] | undefined;
  choice: string;
  rationale?: string | undefined;
  /** What was known, frozen with the decision. */
  inputs?: Record<string, unknown> | undefined;
  occurredAt?: Date | undefined;
  /** The open decision that it settles: options and the facts they were judged by are frozen with it. */
  pointId?: string | undefined;
  /** Whether it can be taken back. */
  reversible?: boolean | undefined;
  /** Put it to a second person with a commander's authority. */
  needsApproval?: boolean | undefined;
  /** That person proves a second factor; absent: as the policy says. */
  secondFactor?: boolean | undefined;
}

/** The policies a decision in an incident stands under. */
const POLICIES = [approvalPolicy, gatePolicy, lanePolicy, severityMatrix] as const;

export const recordDecision = command(
  'incidents.recordDecision',
  { allow: 'responder' },
  async (ctx, input: RecordDecisionInput): Promise<DecisionRow> => {
    const incident = await lockIncident(ctx, input.incidentId);
    refuseSecrets(ctx, {
      question: input.question,
      choice: input.choice,
      rationale: input.rationale,
      options: input.options?.join('\n'),
    });
    const point = input.pointId ? await openPoint(ctx, incident, input.pointId) : undefined;
    const occurredAt = input.occurredAt ?? ctx.now;
    const wrong = checkOccurredAt(occurredAt, ctx.now);
    if (wrong) throw problemOf(wrong);
    const id = newId('dec');
    const approval = input.needsApproval
      ? await requestApproval(ctx, {
          incidentId: incident.id,
          subject: { kind: 'decision', id },
          title: `${input.question} ${input.choice}`,
          authority: 'approve_compensable',
          note: input.rationale,
          secondFactor: input.secondFactor,
        })
      : null;
    const row = await insertDecision(ctx, incident, {
      id,
      question: storable(input.question),
      options: (input.options ?? point?.options.map(({ text }) => text) ?? []).map(storable),
      choice: storable(input.choice),
      rationale: storable(input.rationale ?? ''),
      inputs: {
        ...input.inputs,
        ...(point && (await frozen(ctx, incident, point))),
        policies: await policyVersions(ctx),
      },
      pointId: point?.id ?? null,
      reversible: input.reversible ?? null,
      occurredAt,
      approvalId: approval?.approvalId ?? null,
    });
    if (point) await settlePoint(ctx, point.id, row.id);
    const why = row.rationale ? `, because ${row.rationale}` : '';
    await write(ctx, incident, {
      kind: 'decision',
      text: `Decided: ${row.question} → ${row.choice}${why}${row.reversible === false ? ' (cannot be taken back)' : ''}`,
      occurredAt,
      refs: [{ kind: 'decision', id: row.id }],
    });
    await emit(
      ctx,
      decisionRecorded,
      { incidentId: incident.id, key: incident.key, decisionId: row.id },
      { subject: incident.id, incident: incident.id },
    );
    ctx.audit.after = { decisionId: row.id };
    return row;
  },
);

/** The open decision, locked. Two people who decide it at once: the second is told what was decided. */
async function openPoint(ctx: Ctx, incident: IncidentRow, pointId: string): Promise<PointRow> {
  const point = await ctx.db
    .selectFrom('incidents.decisionPoints')
    .selectAll()
    .where('id', '=', pointId)
    .where('incidentId', '=', incident.id)
    .forUpdate()
    .executeTakeFirst();
  if (!point) throw notFound('Decision', pointId.slice(0, 60));
  if (point.state === 'open') return point;
  const taken = await ctx.db
    .selectFrom('incidents.decisions')
    .select(['choice', 'deciderName'])
    .where('id', '=', point.decisionId ?? '')
    .executeTakeFirst();
  throw conflict(
    taken ? `${taken.deciderName} has decided already: ${taken.choice}` : 'This decision is off the table',
    'incidents.decisions.settled',
    'Record a new decision if this one has to change.',
  );
}

/** What was known, and what it made of each option, at this moment; no later change of the facts reaches it. */
async function frozen(ctx: Ctx, incident: IncidentRow, point: PointRow): Promise<Record<string, unknown>> {
  const facts = await factsOf(ctx, incident);
  const judged = judge(point.options, facts);
  const inputs = await inputsOf(ctx, incident, point.options, facts);
  const read = inputs.map(({ name, value, asOf }) => ({ name, value, asOf: asOf?.toISOString() ?? null }));
  return { facts, read, options: judged.map(({ text, when, applies, why }) => ({ text, when, applies, why })) };
}

const settlePoint = (ctx: Ctx, pointId: string, decisionId: string) =>
  ctx.db
    .updateTable('incidents.decisionPoints')
    .set({ state: 'decided', settledAt: ctx.now, decisionId })
    .where('id', '=', pointId)
    .execute();

/** By which version of each policy it was decided (M7d): a fingerprint of its value, which the audit log of settings leads back to. */
async function policyVersions(ctx: Ctx): Promise<Record<string, string>> {
  const versions = POLICIES.map(
    async (policy) =>
      [policy.key, policyVersion(await readSetting(ctx, policy as SettingDefinition<unknown>))] as const,
  );
  return Object.fromEntries(await Promise.all(versions));
}
