/** Declares an incident: always possible, cheap, and complete from its first instant. */
import { addMs, type Ctx, conflict, emit, invalid, readSetting } from '#kernel';
import { type Service, serviceById } from '#catalog';
import { command } from '#security';
import { groupById } from '#signals';
import { incidentDeclared } from '../events.ts';
import type { Kind, Severity } from '../lifecycle/model.ts';
import { proposedForTiers, proposedSeverity } from '../lifecycle/severity.ts';
import { checkTimes } from '../lifecycle/times.ts';
import { refuseSecrets, write } from '../record/write.ts';
import { gatePolicy } from '../settings.ts';
import { insertGate } from '../gate-store.ts';
import { openLanes } from '../lanes/store.ts';
import type { Proposed } from '../lifecycle/matrix.ts';
import { logSeverity } from '../severity-log.ts';
import { enterPhase, findByRequestKey, hold, insertIncident, problemOf, readIncident, saveAffected } from '../store.ts';
import { listFor, restrict, strangers } from '../record/access.ts';
import { storable } from '../record/model.ts';
import type { IncidentRow } from '../tables.ts';
import { type AlertGroup, found, knownId, linkNow } from '../links.ts';

export interface DeclareInput {
  title: string;
  /** Absent: the worst plausible for the alerts and services named. */
  severity?: Severity | undefined;
  summary?: string | undefined;
  kind?: Kind | undefined;
  serviceIds?: string[] | undefined;
  groupIds?: string[] | undefined;
  impactStartedAt?: Date | undefined;
  detectedBy?: 'person' | 'customer' | undefined;
  recursOf?: string | undefined;
  requestKey?: string | undefined;
  /** From its first instant only the caller, these people and whoever gets a role may read it. */
  restricted?: { people: string[] } | undefined;
}

export interface Declared {
  id: string;
  key: string;
  severity: Severity;
}

/**
 * Writes the incident, its services, gates and first entries. Nothing here calls the outside: who must be told is
 * told by the reactions to `incident.declared`, so declaring works when every integration is down (M3c).
 */
export const declare = command(
  'incidents.declare',
  { allow: 'viewer', subject: (_input: DeclareInput, result: Declared) => result.id },
  async (ctx, input: DeclareInput): Promise<Declared> => {
    if (input.requestKey) await hold(ctx, `request:${ctx.actor.id}:${input.requestKey}`);
    const before = input.requestKey ? await findByRequestKey(ctx, input.requestKey) : undefined;
    if (before) return { id: before.id, key: before.key, severity: before.severity };
    refuseSecrets(ctx, { title: input.title, summary: input.summary });
    const groups = await Promise.all(
      (input.groupIds ?? []).map((id) =>
        groupById(ctx, knownId('grp', 'Alert group', id)).then((group) => found('Alert group', id, group)),
      ),
    );
    inheritExercise(ctx, groups);
    const services = await affectedBy(ctx, input.serviceIds ?? [], groups);
    const incident = await insertIncident(ctx, await fields(ctx, input, groups, services));
    if (input.restricted) await restrictNew(ctx, incident, input.restricted.people);
    ctx.audit.incident = incident.id;
    ctx.audit.after = {
      ...(ctx.audit.after as object | undefined),
      key: incident.key,
      title: incident.title,
      severity: incident.severity,
    };
    await write(ctx, incident, { kind: 'declared', text: `Declared SEV${incident.severity}: ${incident.title}` });
    for (const service of services) await addService(ctx, incident, service);
    for (const group of groups) await linkNow(ctx, incident, group);
    await openGates(ctx, incident);
    await openLanes(ctx, incident);
    await logSeverity(ctx, incident, { from: null, to: incident.severity, proposed: proposedAt(groups, services) });
    await emit(
      ctx,
      incidentDeclared,
      {
        incidentId: incident.id,
        key: incident.key,
        title: incident.title,
        severity: incident.severity,
        serviceIds: services.map((service) => service.id),
        groupIds: groups.map((group) => group.id),
      },
      { subject: incident.id, incident: incident.id },
    );
    return { id: incident.id, key: incident.key, severity: incident.severity };
  },
);

async function restrictNew(ctx: Ctx, incident: IncidentRow, people: string[]): Promise<void> {
  const unknown = await strangers(ctx, people);
  if (unknown.length > 0)
    throw invalid('Only people with an active account can be on the list', 'incidents.access.person', [
      { path: 'restricted.people', message: `no active account: ${unknown.join(', ')}` },
    ]);
  const readers = await listFor(ctx, incident.id, people);
  await restrict(ctx, incident, readers);
  ctx.audit.after = { restricted: true, people: readers };
}

/** An incident from a drill's alert is a drill, and the two never mix. */
function inheritExercise(ctx: Ctx, groups: AlertGroup[]): void {
  const marks = new Set(groups.map((group) => group.exercise));
  if (marks.size > 1 || (ctx.exercise && marks.has(false))) {
    throw conflict(
      'A drill and a real alert cannot share an incident',
      'incidents.exercise_mixed',
      'Declare one incident for the drill and one for the real alert.',
    );
  }
  if (groups.length > 0) ctx.exercise = groups[0]!.exercise;
}

async function affectedBy(ctx: Ctx, serviceIds: string[], groups: AlertGroup[]): Promise<Service[]> {
  const ids = new Set([
    ...serviceIds,
    ...groups.map((group) => group.serviceId).filter((id): id is string => id !== null),
  ]);
  return Promise.all(
    [...ids].map((id) =>
      serviceById(ctx, knownId('svc', 'Service', id)).then((service) => found('Service', id, service)),
    ),
  );
}

async function fields(ctx: Ctx, input: DeclareInput, groups: AlertGroup[], services: Service[]) {
  const signalAt = groups.map((group) => group.firstAt).toSorted((a, b) => a.getTime() - b.getTime())[0];
  const detectedAt = signalAt && signalAt < ctx.now ? signalAt : ctx.now;
  const impactStartedAt = input.impactStartedAt ?? (await firstSymptom(ctx, groups, detectedAt));
  const wrong = checkTimes({ ...NO_TIMES, impactStartedAt, detectedAt, declaredAt: ctx.now }, ctx.now);
  if (wrong) throw problemOf(wrong);
  return {
    title: storable(input.title),
    summary: storable(input.summary ?? ''),
    severity: input.severity ?? proposeFor(groups, services),
    kind: input.kind ?? ('availability' as const),
    detectedBy: groups.length > 0 ? ('monitor' as const) : (input.detectedBy ?? ('person' as const)),
    impactStartedAt,
    impactStartConfidence: input.impactStartedAt ? ('stated' as const) : ('estimated' as const),
    detectedAt,
    recursOf: input.recursOf ? (await readIncident(ctx, input.recursOf)).id : null,
    requestKey: input.requestKey ?? null,
  };
}

/** A source's own start may lie this far back; an older one is a clock gone wrong or an alert nobody tended. */
const OLDEST_SYMPTOM_MS = 24 * 3_600_000;

/** When customers probably began to feel it: the earliest start that the alerts' sources give, never after detection. */
async function firstSymptom(ctx: Ctx, groups: AlertGroup[], detectedAt: Date): Promise<Date> {
  if (groups.length === 0) return detectedAt;
  const row = await ctx.db
    .selectFrom('signals.alerts')
    .select((eb) => eb.fn.min('startedAt').as('at'))
    .where(
      'groupId',
      'in',
      groups.map((group) => group.id),
    )
    .where('startedAt', '>', addMs(detectedAt, -OLDEST_SYMPTOM_MS))
    .executeTakeFirst();
  return row?.at && row.at < detectedAt ? row.at : detectedAt;
}

const NO_TIMES = {
  acknowledgedAt: null,
  respondedAt: null,
  containmentStartedAt: null,
  containedAt: null,
  eradicatedAt: null,
  recoveryStartedAt: null,
  verificationStartedAt: null,
  impactEndedAt: null,
  restoredAt: null,
  closedAt: null,
};

/** The worst that is plausible: of the alerts when there are any, otherwise of the services. */
export function proposeFor(
  groups: Pick<AlertGroup, 'severity' | 'serviceId'>[],
  services: Pick<Service, 'id' | 'tier'>[],
): Severity {
  if (groups.length === 0) return proposedForTiers(services.map((service) => service.tier));
  const tierOf = new Map(services.map((service) => [service.id, service.tier]));
  const each = groups.map((group) =>
    proposedSeverity(group.severity, group.serviceId ? (tierOf.get(group.serviceId) ?? null) : null),
  );
  return Math.min(...each) as Severity;
}

/** What a person was offered, when there was something to offer from. */
const proposedAt = (groups: AlertGroup[], services: Service[]): Proposed | null =>
  groups.length + services.length === 0
    ? null
    : {
        severity: proposeFor(groups, services),
        because: [...groups.map(({ title }) => title), ...services.map(({ name, tier }) => `${name} (tier ${tier})`)]
          .slice(0, 3)
          .join(', '),
      };

async function addService(ctx: Ctx, incident: IncidentRow, service: Service): Promise<void> {
  await saveAffected(ctx, {
    incidentId: incident.id,
    serviceId: service.id,
    name: service.name,
    tier: service.tier,
    phase: 'detection',
    effect: 'partial',
    effectStatedAt: null,
    addedAt: ctx.now,
    exercise: incident.exercise,
  });
  await enterPhase(ctx, incident, service.id, 'detection', {});
}

/** Opens every gate the policy asks for at this severity; those already there keep their answer. */
export async function openGates(ctx: Ctx, incident: IncidentRow): Promise<void> {
  const policy = await readSetting(ctx, gatePolicy);
  for (const gate of policy.gates) {
    if (gate.severities.includes(incident.severity)) await insertGate(ctx, incident, gate);
  }
}
