/** Gathers what the one next step depends on, and asks the rules for it. */
import type { Ctx } from '#kernel';
import { personRefs } from '#security';
import { type NextStep, next as choose, type Situation } from './lifecycle/next.ts';
import { pointsOf, questionsOf, spansFor } from './command.ts';
import { lanesOf } from './lanes/store.ts';
import { openProposal } from './severity-log.ts';
import { holdingsOf } from './roles/store.ts';
import { gatesOf } from './gate-store.ts';
import { readIncident } from './store.ts';
import type { IncidentRow } from './tables.ts';

export interface ToldNext {
  id: string;
  title: string;
  reason: string;
  action: NextStep['action'];
  urgency: NextStep['urgency'];
  for: { id: string; name: string } | null;
}

/** Exactly one next step for an incident, with its reason (M8c). */
export async function nextOf(ctx: Pick<Ctx, 'db' | 'now' | 'log'>, idOrKey: string): Promise<ToldNext> {
  return nextFor(ctx, await readIncident(ctx, idOrKey));
}

export async function nextFor(ctx: Pick<Ctx, 'db' | 'now' | 'log'>, incident: IncidentRow): Promise<ToldNext> {
  const { forUserId, ...step } = choose(await situationOf(ctx, incident));
  const person = forUserId ? (await personRefs(ctx, [forUserId])).get(forUserId) : undefined;
  return { ...step, for: person ?? null };
}

async function situationOf(ctx: Pick<Ctx, 'db' | 'now' | 'log'>, incident: IncidentRow): Promise<Situation> {
  const of = { incidentId: incident.id };
  const [holdings, gates, handover, approvals, services, groups, dues, command] = await Promise.all([
    holdingsOf(ctx, incident.id),
    gatesOf(ctx, incident.id),
    ctx.db
      .selectFrom('incidents.handovers')
      .selectAll()
      .where('incidentId', '=', of.incidentId)
      .where('state', '=', 'offered')
      .orderBy('offeredAt')
      .executeTakeFirst(),
    ctx.db
      .selectFrom('incidents.approvals')
      .select(['id', 'title', 'requesterId', 'requesterName'])
      .where('incidentId', '=', of.incidentId)
      .where('state', '=', 'pending')
      .orderBy('requestedAt')
      .execute(),
    ctx.db
      .selectFrom('incidents.affectedServices')
      .select('name')
      .where('incidentId', '=', of.incidentId)
      .orderBy('tier')
      .orderBy('name')
      .execute(),
    ctx.db
      .selectFrom('incidents.groupLinks')
      .select(['state', 'changedAt'])
      .where('incidentId', '=', of.incidentId)
      .execute(),
    ctx.db
      .selectFrom('incidents.dues')
      .select(['key', 'title', 'reason', 'place', 'dueAt'])
      .where('incidentId', '=', of.incidentId)
      .execute(),
    commandPart(ctx, incident),
  ]);
  const lead = holdings.find((held) => held.role === 'incident_commander');
  const names = await personRefs(ctx, [lead?.userId, incident.acknowledgedBy, handover?.toUserId]);
  const named = (userId: string | null | undefined) =>
    userId ? { userId, name: names.get(userId)?.name ?? userId } : null;
  const firing = groups.filter((group) => group.state === 'firing');
  return {
    key: incident.key,
    phase: incident.phase,
    severity: incident.severity,
    now: ctx.now,
    commander: lead?.accepted ? { ...named(lead.userId)!, since: lead.from } : null,
    called: lead && !lead.accepted ? { ...named(lead.userId)!, since: lead.from } : null,
    acknowledgedBy: named(incident.acknowledgedBy),
    handover: handover
      ? { id: handover.id, toUserId: handover.toUserId, toName: named(handover.toUserId)!.name, role: handover.role }
      : null,
    pendingApprovals: approvals.map(({ id, title, requesterId, requesterName }) => ({
      id,
      title,
      requesterId,
      requester: requesterName,
    })),
    services: services.map((service) => service.name),
    containmentStartedAt: incident.containmentStartedAt,
    restoredAt: incident.restoredAt,
    signals: {
      linked: groups.length,
      firing: firing.length,
      newSinceRestored: firing.filter((group) => incident.restoredAt !== null && group.changedAt > incident.restoredAt)
        .length,
    },
    gates,
    dues: [...dues, ...command.dues],
    blocked: command.blocked,
    proposal: command.proposal,
    split: command.split && {
      ...command.split,
      lead: (await personRefs(ctx, [command.split.userId])).get(command.split.userId)?.name ?? '',
    },
  };
}

/** What coordination asks for: questions and decisions by their time, blocked lanes, another severity, sub-teams. */
async function commandPart(ctx: Pick<Ctx, 'db' | 'log'>, incident: IncidentRow) {
  const [lanes, questions, points, proposal, spans] = await Promise.all([
    lanesOf(ctx, incident.id),
    questionsOf(ctx, incident.id),
    pointsOf(ctx, incident.id),
    openProposal(ctx, incident),
    spansFor(ctx, incident),
  ]);
  const wide = spans.find(({ proposal: teams }) => teams.length > 0);
  return {
    dues: [
      ...questions
        .filter(({ state }) => state === 'open')
        .map(({ id, text, askedByName, dueAt }) => ({
          key: `question.${id}`,
          title: `Answer: ${text}`,
          reason: `${askedByName} asked and waits for it`,
          place: 'questions',
          dueAt,
        })),
      ...points
        .filter(({ state }) => state === 'open')
        .map(({ id, question, openedByName, dueAt }) => ({
          key: `decision.${id}`,
          title: `Decide: ${question}`,
          reason: `${openedByName} put it on the table`,
          place: 'decisions',
          dueAt,
        })),
    ],
    blocked: lanes.filter(({ state }) => state === 'blocked').map(({ lane, title, needs }) => ({ lane, title, needs })),
    // A milder proposal can wait until the incident is over; only a worse one is worth a prompt.
    proposal: proposal && proposal.severity < incident.severity ? proposal : null,
    split: wide ? { userId: wide.leadId, reports: wide.reports.length, teams: wide.proposal.length } : null,
  };
}
