/** A lane reports: conditions, actions, needs; it is taken, blocked, signed, or taken up again (M31). */
import { type Ctx, emit, invalid } from '#kernel';
import { command, personRefs, userById } from '#security';
import { laneChanged } from '../events.ts';
import { itemsOf, lockLane, refreshLaneGate, saveLane } from '../lanes/store.ts';
import { stateAfterReport } from '../lanes/model.ts';
import { isEnded, missingAuthority, refuse } from '../lifecycle/model.ts';
import { storable } from '../record/model.ts';
import { refuseSecrets, write } from '../record/write.ts';
import { actorAuthority, selfOf } from '../roles/authority.ts';
import { lockIncident, problemOf } from '../store.ts';
import type { IncidentRow } from '../tables.ts';
import type { LaneRow, LaneState } from '../tables-command.ts';

export interface SetLaneInput {
  incidentId: string;
  lane: string;
  state?: LaneState | undefined;
  conditions?: string | undefined;
  actions?: string | undefined;
  needs?: string | undefined;
  /** Who answers for it; absent: unchanged, or the caller when nobody does yet. */
  ownerId?: string | undefined;
}

export const setLane = command(
  'incidents.setLane',
  { allow: 'responder' },
  async (ctx, input: SetLaneInput): Promise<LaneRow> => {
    const incident = await lockIncident(ctx, input.incidentId);
    const before = await lockLane(ctx, incident, input.lane);
    refuseSecrets(ctx, { conditions: input.conditions, actions: input.actions, needs: input.needs });
    if (isEnded(incident.phase)) {
      throw problemOf(refuse('incidents.phase.ended', `${incident.key} has ended: its lanes are settled`).refusal);
    }
    if (input.state === 'signed') await checkSigning(ctx, incident, before);
    const ownerId = await ownerAfter(ctx, before, input);
    const report = { conditions: input.conditions, actions: input.actions, needs: input.needs };
    const reports = Object.values(report).some((text) => text !== undefined);
    const given = input.state ?? (reports || input.ownerId ? undefined : before.state);
    const state = stateAfterReport(before.state, given);
    const signed = state === 'signed';
    const row = await saveLane(ctx, before, {
      state,
      ownerId,
      conditions: storable(report.conditions ?? before.conditions),
      actions: storable(report.actions ?? before.actions),
      needs: storable(report.needs ?? before.needs),
      // Saying that all is as before is a report, too.
      reportedAt: ctx.now,
      reportedBy: ctx.actor.name,
      signedAt: signed ? (before.signedAt ?? ctx.now) : null,
      signedBy: signed ? (before.signedBy ?? selfOf(ctx.actor)) : null,
    });
    await refreshLaneGate(ctx, incident);
    await write(ctx, incident, {
      kind: 'lane',
      text: await said(ctx, before, row, report),
      refs: [{ kind: 'lane', id: row.lane, label: row.title }],
    });
    const payload = { incidentId: incident.id, key: incident.key, lane: row.lane, state: row.state };
    await emit(ctx, laneChanged, payload, { subject: incident.id, incident: incident.id });
    ctx.audit.before = { lane: before.lane, state: before.state, ownerId: before.ownerId };
    ctx.audit.after = { lane: row.lane, state: row.state, ownerId: row.ownerId, ...report };
    return row;
  },
);

/** Its owner, the commander, or who else may close signs; and only when the checklist is settled. */
async function checkSigning(ctx: Ctx, incident: IncidentRow, lane: LaneRow): Promise<void> {
  const self = selfOf(ctx.actor);
  if (lane.ownerId !== self && !(await actorAuthority(ctx, incident)).has('close')) {
    throw problemOf({
      ...missingAuthority(incident.key, 'close'),
      rule: 'incidents.lanes.sign',
      title: `Only who answers for the lane “${lane.title}”, or the commander, signs it`,
    });
  }
  const open = (await itemsOf(ctx, incident.id)).filter((item) => item.lane === lane.lane && item.state === 'open');
  if (open.length === 0) return;
  throw problemOf(
    refuse('incidents.lanes.open', `${lane.title} has ${open.length} open ${open.length === 1 ? 'point' : 'points'}`, {
      detail: 'Settle each point, or waive it with a reason.',
      errors: open.map(({ id, text }) => ({ path: id, message: text })),
    }).refusal,
  );
}

async function ownerAfter(ctx: Ctx, before: LaneRow, input: SetLaneInput): Promise<string> {
  const wanted = input.ownerId ?? before.ownerId ?? selfOf(ctx.actor);
  if (wanted === before.ownerId) return wanted;
  const person = await userById(ctx, wanted);
  if (person?.active) return person.id;
  throw invalid('No such active person', 'incidents.lanes.owner', [
    { path: 'ownerId', message: 'not an active person' },
  ]);
}

async function said(
  ctx: Ctx,
  before: LaneRow,
  after: LaneRow,
  report: { conditions?: string | undefined; actions?: string | undefined; needs?: string | undefined },
): Promise<string> {
  const parts: string[] = [];
  if (after.ownerId !== before.ownerId && after.ownerId) {
    const name = (await personRefs(ctx, [after.ownerId])).get(after.ownerId)?.name ?? after.ownerId;
    parts.push(`${name} answers for it`);
  }
  if (after.state !== before.state) parts.push(after.state);
  if (report.conditions) parts.push(`conditions: ${report.conditions}`);
  if (report.actions) parts.push(`actions: ${report.actions}`);
  if (report.needs) parts.push(`needs: ${report.needs}`);
  return `${after.title}: ${parts.join('; ') || 'as before'}`;
}
