/** Moves an incident through its phases: asks the rules, writes the log, sets the times, tells the world. */
import { type Ctx, cancelJob, emit, invalid } from '#kernel';
import { stopPages } from '#people';
import {
  incidentClosed,
  incidentContained,
  incidentEradicated,
  incidentRestored,
  phaseChanged,
  servicesChanged,
} from '../events.ts';
import { write } from '../record/write.ts';
import { actorAuthority } from '../roles/authority.ts';
import { AUTHORITY_TOKENS } from '../roles/model.ts';
import { holdingsOf } from '../roles/store.ts';
import { gatesOf } from '../gate-store.ts';
import { affectedOf, enterPhase, lockIncident, problemOf, saveIncident, setServicePhase } from '../store.ts';
import type { AffectedRow, IncidentRow } from '../tables.ts';
import { approvedBySecurity } from './security.ts';
import {
  advance,
  isBefore,
  isStep,
  leastAdvanced,
  type Passage,
  type Phase,
  type Standing,
  type Step,
  type Waiver,
} from './model.ts';
import { checkTimes, type Times, timesAfter } from './times.ts';

export interface Walk {
  incidentId: string;
  to: Exclude<Step, 'detection'>;
  evidence?: string | undefined;
  waiver?: Waiver | undefined;
  /** Only these affected services move; all of them when absent. */
  serviceIds?: string[] | undefined;
  /** The headline of the timeline entry, without the words added below. */
  headline: string;
  /** Times the caller sets beside those the move sets itself. */
  times?: Partial<Times>;
  /** The move follows from an act that was admitted with its own authority; it asks for no other. */
  implied?: boolean;
}

export interface Moved {
  id: string;
  key: string;
  phase: Phase;
  changed: boolean;
}

/** What the rules need to know, read under the incident's lock. */
export async function standingOf(ctx: Ctx, incident: IncidentRow): Promise<Standing> {
  const [holdings, gates] = await Promise.all([holdingsOf(ctx, incident.id), gatesOf(ctx, incident.id)]);
  return {
    key: incident.key,
    phase: incident.phase,
    severity: incident.severity,
    kind: incident.kind,
    commanderId: holdings.find((held) => held.role === 'incident_commander' && held.accepted)?.userId ?? null,
    securitySigned: incident.kind !== 'security' || (await approvedBySecurity(ctx, incident, holdings)),
    gates,
  };
}

/** Walks the incident (or some of its services) forward. Already there: answers so and changes nothing. */
export async function walk(ctx: Ctx, input: Walk): Promise<Moved> {
  const incident = await lockIncident(ctx, input.incidentId);
  const affected = await affectedOf(ctx, incident.id);
  const moving = chosen(incident, affected, input.serviceIds);
  const standing = await standingOf(ctx, incident);
  const from = input.serviceIds ? leastAdvanced(moving.map((service) => service.phase))! : incident.phase;
  const verdict = advance({ ...standing, phase: from }, input.to, {
    ...(input.evidence && { evidence: input.evidence }),
    ...(input.waiver && { waiver: input.waiver }),
    authority: input.implied ? new Set(AUTHORITY_TOKENS) : await actorAuthority(ctx, incident),
  });
  if (!verdict.ok) throw problemOf(verdict.refusal);
  if (verdict.passages.length === 0)
    return { id: incident.id, key: incident.key, phase: incident.phase, changed: false };

  await moveServices(ctx, incident, moving, verdict.passages, input.evidence);
  const to = input.serviceIds ? leastAfter(affected, moving, input.to) : input.to;
  const own = isStep(incident.phase) ? between(verdict.passages, incident.phase, to) : [];
  const names = input.serviceIds ? `${moving.map((service) => service.name).join(', ')}: ` : '';
  await write(ctx, incident, { kind: 'phase', text: `${names}${input.headline}${said(input)}` });
  if (own.length === 0) {
    const payload = {
      incidentId: incident.id,
      key: incident.key,
      serviceIds: moving.map((service) => service.serviceId),
    };
    await emit(ctx, servicesChanged, payload, { subject: incident.id, incident: incident.id });
    return { id: incident.id, key: incident.key, phase: incident.phase, changed: true };
  }
  await moveIncident(ctx, incident, own, input);
  return { id: incident.id, key: incident.key, phase: to, changed: true };
}

function chosen(incident: IncidentRow, affected: AffectedRow[], serviceIds: string[] | undefined): AffectedRow[] {
  if (!serviceIds) return affected;
  const moving = affected.filter((service) => serviceIds.includes(service.serviceId));
  const unknown = serviceIds.filter((id) => !affected.some((service) => service.serviceId === id));
  if (unknown.length > 0) {
    throw invalid(`${incident.key} does not affect ${unknown.join(', ')}`, 'incidents.services.unknown', [
      { path: 'serviceIds', message: `not affected: ${unknown.join(', ')}` },
    ]);
  }
  return moving;
}

function leastAfter(affected: AffectedRow[], moving: AffectedRow[], to: Step): Step {
  const after = affected.map((service) =>
    moving.includes(service) && isBefore(service.phase, to) ? to : service.phase,
  );
  return leastAdvanced(after) ?? to;
}

const between = (passages: Passage[], from: Step, to: Step): Passage[] =>
  isBefore(from, to) ? passages.filter((passage) => !isBefore(passage.from, from) && !isBefore(to, passage.to)) : [];

const said = ({ evidence, waiver }: Walk): string => {
  const waived = waiver ? `. Waived (${waiver.kind.replace('_', '-')}): ${waiver.reason}` : '';
  return `${evidence ? `: ${evidence}` : ''}${waived}`;
};

async function moveServices(
  ctx: Ctx,
  incident: IncidentRow,
  moving: AffectedRow[],
  passages: Passage[],
  note: string | undefined,
): Promise<void> {
  for (const service of moving) {
    for (const passage of passages) {
      if (isBefore(passage.from, service.phase)) continue;
      await enterPhase(ctx, incident, service.serviceId, passage.to, { waiver: passage.waived, note });
    }
    await setServicePhase(ctx, incident.id, service.serviceId, passages.at(-1)!.to);
  }
}

async function moveIncident(ctx: Ctx, incident: IncidentRow, passages: Passage[], input: Walk): Promise<void> {
  const from = incident.phase;
  const to = passages.at(-1)!.to;
  const change: Partial<Times> = { ...timesAfter({ ...incident, ...input.times }, passages, ctx.now), ...input.times };
  const wrong = checkTimes({ ...incident, ...change }, ctx.now);
  if (wrong) throw problemOf(wrong);
  for (const passage of passages)
    await enterPhase(ctx, incident, null, passage.to, { waiver: passage.waived, note: input.evidence });
  await saveIncident(ctx, incident, { ...change, phase: to });
  ctx.audit.before = { phase: from };
  ctx.audit.after = { phase: to, ...(input.waiver && { waiver: input.waiver }) };
  if (input.waiver) ctx.audit.reason = input.waiver.reason;

  const payload = { incidentId: incident.id, key: incident.key };
  const about = { subject: incident.id, incident: incident.id };
  await emit(ctx, phaseChanged, { ...payload, from, to }, about);
  for (const passage of passages) {
    if (passage.from === 'containment') await emit(ctx, incidentContained, payload, about);
    if (passage.from === 'eradication') await emit(ctx, incidentEradicated, payload, about);
    if (passage.to === 'restored') await emit(ctx, incidentRestored, payload, about);
    if (passage.to === 'closed') await emit(ctx, incidentClosed, payload, about);
  }
  if (to === 'restored' || to === 'closed') await callOff(ctx, incident, `${incident.key} is ${to}`);
}

/** Nobody is called any more for an incident that is over. */
export async function callOff(ctx: Ctx, incident: IncidentRow, reason: string): Promise<void> {
  await stopPages(ctx, { subject: { kind: 'incident', id: incident.id }, reason });
  await cancelJob(ctx, `incidents.duty:${incident.id}`);
}
