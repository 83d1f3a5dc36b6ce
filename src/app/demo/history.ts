/** The past incidents, step by step at their minutes: alert, page, command, containment, customers, recovery, review. */
import { publish, startDraft } from '#comms';
import {
  addHypothesis,
  assignRole,
  close,
  completeRecovery,
  declare,
  declareContained,
  dismiss,
  eradicate,
  merge,
  restore,
  setGate,
  setHypothesis,
  startContainment,
} from '#incidents';
import { type Ctx, config, newId, sha256hex } from '#kernel';
import { openReview, recomputeCase } from '#learning';
import { acknowledge, startPage } from '#people';
import { waivePublicMessage } from '../../comms/commands/waivePublicMessage.ts';
import { after, impactStart } from './cases.ts';
import type { Company, Service } from './company.ts';
import type { PastIncident } from './data/incidents.ts';
import { publicWords } from './data/messages.ts';
import { responses } from './data/roles.ts';
import type { Stage } from './stage.ts';

export interface Play {
  at: Date;
  run(): Promise<unknown>;
}

/** What later steps of an incident need from earlier ones. */
export interface Traces {
  incidents: Map<number, string>;
}

interface Scene {
  stage: Stage;
  company: Company;
  past: PastIncident;
  service: Service;
  traces: Traces;
  groupId: string | null;
  pageId: string;
}

const incidentOf = ({ traces, past }: Pick<Scene, 'traces' | 'past'>): string => {
  const id = traces.incidents.get(past.story);
  if (!id) throw new Error(`story ${past.story} is not declared yet`);
  return id;
};

/** The alert as its source would have sent it. Written as rows: the product pages at once, the story a minute later. */
async function raiseAlert(scene: Scene): Promise<void> {
  const { stage, past, service, company } = scene;
  const [groupId, alertId, signalId] = [newId('grp'), newId('alt'), newId('sig')];
  scene.groupId = groupId;
  const at = after(past, stage.now, past.detect) as Date;
  const key = `orchardline-${past.story}`;
  const common = { integrationId: company.integrationId, serviceId: service.id, title: past.title, test: false };
  const raw = Buffer.from(
    JSON.stringify({ groupKey: key, status: 'firing', alerts: [{ labels: { alertname: past.title } }] }),
  );
  await stage.db
    .insertInto('signals.signals')
    .values({
      ...{ id: signalId, integrationId: company.integrationId, receivedAt: at, contentType: 'application/json' },
      ...{ body: raw, bodySize: raw.length, bodyHash: sha256hex(raw.toString()), purpose: 'alerts' as const },
      ...{ state: 'processed' as const, settledAt: at },
    } as never)
    .execute();
  const severity = past.severity <= 2 ? ('critical' as const) : ('error' as const);
  const counts = { alertCount: 1, firingCount: 1, eventCount: 1, flaps: 0 };
  await stage.db
    .insertInto('signals.groups')
    .values({
      ...{ id: groupId, groupKey: `source:${key}`, windowed: false, severity, state: 'open', ...common, ...counts },
      ...{ firstAt: at, lastAt: at, exercise: false, createdAt: at },
    } as never)
    .execute();
  await stage.db
    .insertInto('signals.alerts')
    .values({
      ...{ id: alertId, groupId, fingerprint: sha256hex(key), dedupKey: key, severity, state: 'firing', ...common },
      ...{ firstAt: at, lastAt: at, lastSignalId: signalId, exercise: false },
    } as never)
    .execute();
}

const pageSomebody = (scene: Scene) => async (ctx: Ctx) => {
  const { service, past, groupId } = scene;
  const { pageId } = await startPage(ctx, {
    subject: { kind: 'alert_group', id: groupId as string },
    title: `${service.name}: ${past.title}`,
    body: past.title,
    urgency: 'high',
    policyId: service.policyId,
    teamId: service.teamId,
    serviceName: service.name,
    link: `${config.publicUrl}/alerts/${groupId}`,
  });
  scene.pageId = pageId;
};

/** Whoever was called takes it. */
async function takePage(scene: Scene, when: Date): Promise<void> {
  const { stage } = scene;
  const { name } = await stage.db
    .selectFrom('people.pageTargets as t')
    .innerJoin('security.users as u', 'u.id', 't.userId')
    .select('u.name')
    .where('t.pageId', '=', scene.pageId)
    .orderBy('t.firstPagedAt')
    .executeTakeFirstOrThrow();
  await stage.at(when, name, (ctx) => acknowledge(ctx, { pageId: scene.pageId }));
  await stage.db
    .updateTable('signals.groups')
    .set({ state: 'acknowledged', acknowledgedAt: when, acknowledgedBy: stage.idOf(name), acknowledgedVia: 'console' })
    .where('id', '=', scene.groupId as string)
    .execute();
}

/** Declares it and takes command; what was held possible is written down at once. */
const begin = (scene: Scene) => async (ctx: Ctx) => {
  const { past, service, stage, groupId } = scene;
  const { speaker, right, wrong } = responses[past.story]!;
  const { id } = await declare(ctx, {
    title: past.title,
    severity: past.severity,
    serviceIds: [service.id],
    ...(groupId ? { groupIds: [groupId] } : { detectedBy: 'customer' as const }),
    ...(past.startUnknown ? {} : { impactStartedAt: impactStart(past, stage.now) }),
  });
  scene.traces.incidents.set(past.story, id);
  await assignRole(ctx, { incidentId: id, role: 'incident_commander' });
  const speaks = { incidentId: id, role: 'communications_lead' as const, userId: stage.idOf(speaker) };
  if (past.severity <= 3) await assignRole(ctx, speaks);
  for (const text of [right, wrong]) await addHypothesis(ctx, { incidentId: id, text });
};

const contain = (scene: Scene) => (ctx: Ctx) =>
  startContainment(ctx, { incidentId: incidentOf(scene), action: responses[scene.past.story]!.first });

/** Contained: the first thought proved right, the second wrong. */
const contained = (scene: Scene) => async (ctx: Ctx) => {
  const incidentId = incidentOf(scene);
  const { evidence, right } = responses[scene.past.story]!;
  const thoughts = await ctx.db
    .selectFrom('incidents.hypotheses')
    .select(['id', 'text'])
    .where('incidentId', '=', incidentId)
    .execute();
  for (const { id, text } of thoughts) {
    const state = text === right ? ('confirmed' as const) : ('refuted' as const);
    await setHypothesis(ctx, {
      hypothesisId: id,
      state,
      evidence: state === 'confirmed' ? evidence : 'Its signs are absent',
    });
  }
  await declareContained(ctx, { incidentId, evidence });
};

const clock = (at: Date) => `${at.toISOString().slice(11, 16)} UTC`;
const MINUTE = 60_000;

/** Writer and publisher are two people, as the rules want it. */
async function tell(scene: Scene, when: Date, kind: 'initial' | 'resolution'): Promise<void> {
  const { stage, past, company } = scene;
  const words = publicWords[past.story]!;
  const { commander, speaker } = responses[past.story]!;
  const incidentId = incidentOf(scene);
  const begun = clock(impactStart(past, stage.now));
  const componentId = company.componentOf.get(past.service);
  const states = (state: 'partial_outage' | 'operational') => (componentId ? { [componentId]: state } : {});
  const fields =
    kind === 'initial'
      ? {
          headline: words.headline,
          impact: `Since ${begun} ${words.impact}`,
          known: [words.known],
          unknown: [words.unknown],
          doing: [words.doing],
          customerActions: words.action === 'none' ? ('none' as const) : [words.action],
          dataImpact: {
            state: 'under_investigation' as const,
            sentence: 'We are checking whether any data is affected.',
            evidence: '',
          },
          nextUpdateBy: new Date(when.getTime() + 15 * MINUTE).toISOString(),
          apology: words.apology,
          componentStates: states('partial_outage'),
        }
      : {
          headline: words.over,
          impact: `From ${begun} to ${clock(after(past, stage.now, past.impactEnd) as Date)} ${words.was}`,
          customerActions: 'none' as const,
          dataImpact: {
            state: 'none_verified' as const,
            sentence: 'We have checked the orders and payments of that time.',
            evidence: 'Counts of orders, payments and messages compared with the event log',
          },
          apology: words.apology,
          componentStates: states('operational'),
        };
  const draft = await stage.at(when, speaker, (ctx) => startDraft(ctx, { incidentId, kind, fields }));
  await stage.at(when, commander, (ctx) => publish(ctx, { id: draft.id }));
}

/** The source takes its alert back. */
async function quieten(scene: Scene, when: Date): Promise<void> {
  if (!scene.groupId) return;
  const ended = { state: 'resolved' as const, resolvedAt: when, resolvedBy: 'source' as const };
  await scene.stage.db
    .updateTable('signals.groups')
    .set({ ...ended, firingCount: 0, lastAt: when })
    .where('id', '=', scene.groupId)
    .execute();
  await scene.stage.db.updateTable('signals.alerts').set(ended).where('groupId', '=', scene.groupId).execute();
  await scene.stage.db
    .updateTable('incidents.groupLinks')
    .set({ state: 'resolved' })
    .where('groupId', '=', scene.groupId)
    .execute();
}

const recovered = (scene: Scene) => async (ctx: Ctx) => {
  const incidentId = incidentOf(scene);
  await eradicate(ctx, { incidentId, evidence: responses[scene.past.story]!.cause });
  await completeRecovery(ctx, { incidentId, note: 'Everything back on its usual route' });
};

/** Verified by hand, as the company did before it wrote readiness criteria down. */
async function bringBack(scene: Scene, when: Date): Promise<void> {
  const { stage, past } = scene;
  const incidentId = incidentOf(scene);
  const { commander } = responses[past.story]!;
  if (past.severity <= 3) {
    const gate = { incidentId, kind: 'recovery.readiness', state: 'closed' as const };
    await stage.at(when, null, (ctx) => setGate(ctx, { ...gate, reasons: ['Checked by hand for ten minutes'] }));
  }
  const impactEndedAt = past.startUnknown ? undefined : (after(past, stage.now, past.impactEnd) ?? undefined);
  await stage.at(when, commander, (ctx) =>
    restore(ctx, { incidentId, note: 'Stable for the whole watch', impactEndedAt }),
  );
  await stage.at(when, null, (ctx) => openReview(ctx, { incidentId }));
}

/** Steps that every worked-through incident has, at the minutes of the story. */
function workedThrough(scene: Scene, commander: string): Play[] {
  const { stage, past } = scene;
  const { contain: containAt, restored, publicUpdate } = past;
  const at = (minutes: number) => after(past, stage.now, minutes) as Date;
  const end = restored ?? 80;
  const stop = containAt ?? 45;
  const act = Math.round((past.declare + stop) / 2);
  const plays: Play[] = [
    { at: at(act), run: () => stage.at(at(act), commander, contain(scene)) },
    { at: at(stop), run: () => stage.at(at(stop), commander, contained(scene)) },
    { at: at(past.impactEnd ?? 50), run: () => quieten(scene, at(past.impactEnd ?? 50)) },
    { at: at(end - 5), run: () => stage.at(at(end - 5), commander, recovered(scene)) },
    { at: at(end), run: () => bringBack(scene, at(end)) },
    {
      at: at(end + 45),
      run: () => stage.at(at(end + 45), commander, (ctx) => close(ctx, { incidentId: incidentOf(scene) })),
    },
  ];
  if (publicUpdate !== null) {
    plays.push({ at: at(publicUpdate), run: () => tell(scene, at(publicUpdate), 'initial') });
    plays.push({ at: at(end + 5), run: () => tell(scene, at(end + 5), 'resolution') });
  } else if (past.severity <= 3) {
    const reason = 'Only exports were slow, and nobody outside waited for one';
    const waive = (ctx: Ctx) => waivePublicMessage(ctx, { incidentId: incidentOf(scene), reason });
    plays.push({ at: at(end + 5), run: () => stage.at(at(end + 5), commander, waive) });
  }
  return plays;
}

/** The two that ended without being worked through. */
function endedEarly(scene: Scene, commander: string): Play {
  const { stage, past, traces } = scene;
  const when = after(past, stage.now, past.declare + 12) as Date;
  const run = async () => {
    await stage.at(when, commander, (ctx) => {
      const incidentId = incidentOf(scene);
      return past.ended === 'merged'
        ? merge(ctx, {
            incidentId,
            into: traces.incidents.get(1009) as string,
            reason: 'The checkout waits for the same payments',
          })
        : dismiss(ctx, { incidentId, reason: 'The monitor compared with a copy that was behind; stock is right' });
    });
    await quieten(scene, when);
  };
  return { at: when, run };
}

/** Every step of one past incident. */
export function playsOf(stage: Stage, company: Company, traces: Traces, past: PastIncident): Play[] {
  const service = company.services.get(past.service)!;
  const scene: Scene = { stage, company, past, service, traces, groupId: null, pageId: '' };
  const { commander } = responses[past.story]!;
  const at = (minutes: number) => after(past, stage.now, minutes) as Date;
  const plays: Play[] = [{ at: at(past.declare), run: () => stage.at(at(past.declare), commander, begin(scene)) }];
  const { page, ack } = past;
  if (page !== null && ack !== null) {
    plays.push({ at: at(past.detect), run: () => raiseAlert(scene) });
    plays.push({ at: at(page), run: () => stage.at(at(page), null, pageSomebody(scene)) });
    plays.push({ at: at(ack), run: () => takePage(scene, at(ack)) });
  }
  return past.ended ? [...plays, endedEarly(scene, commander)] : [...plays, ...workedThrough(scene, commander)];
}

/** The figures of everything that happened, from the record as it stands at the end. */
export async function countFigures(stage: Stage, traces: Traces): Promise<void> {
  for (const incidentId of traces.incidents.values()) {
    await stage.at(stage.now, null, (ctx) => recomputeCase(ctx, { incidentId }));
  }
}
