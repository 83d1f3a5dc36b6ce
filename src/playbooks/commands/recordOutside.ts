/** "I did it by hand": the target is read, and what was done is adopted as an action of the incident (domain.md 4.8). */
import { appendTimeline, markContainmentStarted } from '#incidents';
import { type Ctx, invalid, personOf } from '#kernel';
import { command } from '#security';
import type { ReadBack } from '../actions/contract.ts';
import { measureEnds } from '../actions/measures.ts';
import { prepare, refOf } from '../actions/propose.ts';
import { connectorOf } from '../actions/registry.ts';
import { type ActionRow, insertAction, moveAction } from '../actions/store.ts';
import { incidentFacts } from '../incident.ts';
import { insertOverride } from '../overrides/store.ts';

export interface RecordOutsideInput {
  incidentId: string;
  action: string;
  with: Record<string, unknown>;
  effect: string;
  at?: Date | undefined;
  /** What the target says, read before this transaction. */
  read: ReadBack;
}

export const recordOutside = command(
  'playbooks.recordOutside',
  { allow: 'responder', subject: (_input: RecordOutsideInput, row: ActionRow) => row.id },
  async (ctx: Ctx, input: RecordOutsideInput): Promise<ActionRow> => {
    const incident = await incidentFacts(ctx, input.incidentId);
    ctx.exercise = incident.exercise;
    ctx.audit.incident = incident.id;
    ctx.audit.reason = input.effect;
    const known = connectorOf(input.action);
    if (!known) throw invalid(`No connector knows "${input.action}"`, 'playbooks.admission.connector');
    const { candidate, decided } = await prepare(ctx, freeHands(incident, input, known.kind.title));
    const at = input.at ?? ctx.now;
    const proposed = await insertAction(ctx, {
      ...freeHands(incident, input, known.kind.title).wanted,
      wantedAutonomy: 'manual',
      automatic: false,
      vetoSeconds: 60,
      incidentId: incident.id,
      runId: null,
      stepRunId: null,
      action: input.action,
      connector: known.connector.name,
      title: `${known.kind.title}: done by hand`,
      params: candidate.call.params,
      target: candidate.target,
      intentHash: candidate.intentHash,
      idempotencyKey: `${candidate.call.key}/outside/${at.toISOString()}`,
      state: 'proposed',
      reason: input.effect,
      manual: known.kind.manual(candidate.call.params),
      plan: candidate.plan,
      impact: candidate.impact,
      checks: decided.results,
      inputs: decided.inputs,
      policy: 'done by hand',
      concurrency: null,
      concurrencyMax: 1,
      knownBadId: null,
      overrideId: null,
      rules: [],
      requestedBy: personOf(ctx.actor) ?? ctx.actor.id,
      requestedByName: ctx.actor.name,
      expiresAt: ctx.now,
      simulated: incident.exercise,
      exercise: incident.exercise,
    });
    const row = proposed!;
    const seen = input.read === 'applied' || candidate.plan?.noop === true;
    const state = seen ? 'effective' : 'needs_human';
    const said = seen ? 'the target says so too' : 'the target does not confirm it';
    const adopted = await moveAction(ctx, row, state, {
      startedAt: at,
      endedAt: ctx.now,
      measureUntil: seen ? await measureEnds(ctx, row) : null,
      error: seen ? null : said,
    });
    await insertOverride(ctx, {
      kind: 'outside',
      incidentId: incident.id,
      actionRunId: row.id,
      action: row.action,
      target: row.target,
      reason: input.effect,
      expiresAt: ctx.now,
      exercise: incident.exercise,
    });
    const text = `${ctx.actor.name} did it by hand: ${known.kind.title} (${row.target}). ${input.effect}; ${said}`;
    if (seen) await markContainmentStarted(ctx, { incidentId: incident.id, text, refs: [refOf(row)] });
    else await appendTimeline(ctx, incident.id, { kind: 'action', text, refs: [refOf(row)] });
    return adopted;
  },
);

const freeHands = (incident: Awaited<ReturnType<typeof incidentFacts>>, input: RecordOutsideInput, title: string) => ({
  incident,
  scope: null,
  stepRun: null,
  action: input.action,
  title,
  params: input.with,
  wanted: {
    autonomy: 'approve' as const,
    riskClass: connectorOf(input.action)!.kind.risk,
    customerVisible: false,
    verifyExpr: null,
    verifyWithinSeconds: 30,
    timeoutSeconds: 30,
    onFailure: 'needs_human' as const,
  },
  manual: '',
  conditions: [],
  approvals: [],
  reason: input.effect,
  ownKey: undefined,
});
