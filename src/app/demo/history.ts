/** The past incidents, step by step at their minutes: alert, page, command, containment, customers, recovery, review. */
import {
  addHypothesis,
  assignRole,
  close,
  commandOf,
  completeRecovery,
  declare,
  declareContained,
  dismiss,
  eradicate,
  merge,
  restore,
  setGate,
  setHypothesis,
  setLane,
  setLaneItem,
  startContainment,
} from '#incidents';
import type { Ctx } from '#kernel';
import { openReview, recomputeCase } from '#learning';
import { waivePublicMessage } from '../../comms/commands/waivePublicMessage.ts';
import { after, impactStart } from './cases.ts';
import type { Company } from './company.ts';
import { pageSomebody, quieten, raiseAlert, takePage } from './alerts.ts';
import type { PastIncident } from './data/incidents.ts';
import { responses } from './data/roles.ts';
import { incidentOf, type Play, type Scene, type Traces } from './scene.ts';
import type { Stage } from './stage.ts';
import { FIRST_PROMISE, promiseOf, tell } from './told.ts';

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

/** What was looked at in the lane that closing waits for, point by point. */
async function signLanes(ctx: Ctx, incidentId: string): Promise<void> {
  const { lanes } = await commandOf(ctx, incidentId);
  for (const { lane, holdsClose, items } of lanes) {
    if (!holdsClose) continue;
    for (const { id } of items)
      await setLaneItem(ctx, { incidentId, lane, itemId: id, state: 'done', note: 'Looked at, nothing found' });
    await setLane(ctx, { incidentId, lane, state: 'signed' });
  }
}

/** Minutes at which customers heard again: a minute before the time that the message before had named. */
function updatesBetween(severity: number, first: number, end: number): number[] {
  const minutes: number[] = [];
  for (let at = first + FIRST_PROMISE - 1; at < end - 6; at += promiseOf(severity) - 1) minutes.push(at);
  return minutes;
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
      run: async () => {
        await stage.at(at(end + 40), commander, (ctx) => signLanes(ctx, incidentOf(scene)));
        await stage.at(at(end + 45), commander, (ctx) => close(ctx, { incidentId: incidentOf(scene) }));
      },
    },
  ];
  if (publicUpdate !== null) {
    plays.push({ at: at(publicUpdate), run: () => tell(scene, at(publicUpdate), 'initial') });
    for (const minute of updatesBetween(past.severity, publicUpdate, end))
      plays.push({ at: at(minute), run: () => tell(scene, at(minute), 'update') });
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
