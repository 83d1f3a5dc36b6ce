/** What the company learned: reviews at their time, improvements with their fate, two drills. */
import {
  assignReview,
  completeAction,
  confirmAction,
  editReview,
  finishReview,
  proposeAction,
  rejectAction,
  startAction,
} from '#learning';
import { newId, zone } from '#kernel';
import { requestReview } from '../../learning/reviews/commands/requestReview.ts';
import { after } from './cases.ts';
import { exercises } from './data/exercises.ts';
import { type Improvement, improvements } from './data/improvements.ts';
import type { PastIncident } from './data/incidents.ts';
import { responses } from './data/roles.ts';
import type { Play, Traces } from './scene.ts';
import type { Stage } from './stage.ts';

const DAY = 86_400_000;
const ZONE = 'Europe/Berlin';

/** The review of the first incident came late: the company had no rhythm yet. The last one is still being written. */
const LATE = 1001;
const OPEN = 1014;

/** Days after the service was restored on which the review was finished; `null` = it is still open. */
function finishedAfter(past: PastIncident): number | null {
  if (past.story === OPEN) return null;
  if (past.story === LATE) return 12;
  return past.severity === 1 ? 2.5 : 4;
}

async function reviewIdOf(stage: Stage, incidentId: string): Promise<{ id: string; version: number }> {
  return stage.db
    .selectFrom('learning.reviews')
    .select(['id', 'version'])
    .where('incidentId', '=', incidentId)
    .executeTakeFirstOrThrow();
}

/** Trigger and factors of the story, with what showed them. */
async function write(stage: Stage, when: Date, past: PastIncident, incidentId: string): Promise<void> {
  const { commander, speaker, right, first } = responses[past.story]!;
  const review = await reviewIdOf(stage, incidentId);
  await stage.at(when, commander, (ctx) => assignReview(ctx, { id: review.id, facilitatorId: stage.idOf(speaker) }));
  await stage.at(when, commander, (ctx) =>
    editReview(ctx, {
      id: review.id,
      version: review.version + 1,
      trigger: past.trigger,
      factors: past.factors.map((code, i) => ({ code, note: i === 0 ? `${right}.` : '' })),
      findings: [
        { kind: 'worked', text: `${first}: that was quick.` },
        { kind: 'surprise', text: 'How many things wait for this one.' },
      ],
    }),
  );
}

const dayFrom = (stage: Stage, days: number) =>
  zone.instantToWall(ZONE, new Date(stage.now.getTime() + days * DAY)).date;

/** Proposed and confirmed in the review, then begun, done or given up on the days of the story. */
function playsOfImprovement(stage: Stage, one: Improvement, at: Date, traces: Traces): Play[] {
  let id = '';
  const ago = (days: number) => new Date(stage.now.getTime() - days * DAY);
  const ownerId = stage.idOf(one.owner);
  const confirm = async () => {
    const { id: reviewId } = await reviewIdOf(stage, traces.incidents.get(one.story) as string);
    const { commander } = responses[one.story]!;
    id = (await stage.at(at, commander, (ctx) => proposeAction(ctx, { reviewId, title: one.title }))).id;
    const promise = { ownerId, dueOn: dayFrom(stage, one.due), type: one.type, strength: one.strength };
    await stage.at(at, commander, (ctx) => confirmAction(ctx, { id, ...promise }));
  };
  const plays: Play[] = [{ at, run: confirm }];
  const begun = new Date(Math.min(at.getTime() + 5 * DAY, stage.now.getTime() - DAY));
  const start = () => stage.at(begun, one.owner, (ctx) => startAction(ctx, { id }));
  if (one.state === 'in_progress') plays.push({ at: begun, run: start });
  if (one.state === 'done') {
    const settled = ago(one.settled as number);
    plays.push({
      at: settled,
      run: () => stage.at(settled, one.owner, (ctx) => completeAction(ctx, { id, note: one.note as string })),
    });
  }
  if (one.state === 'rejected') {
    const settled = ago(one.settled as number);
    plays.push({
      at: settled,
      run: () => stage.at(settled, one.owner, (ctx) => rejectAction(ctx, { id, reason: one.note as string })),
    });
  }
  return plays;
}

/** Everything that follows from one incident once the service is back. */
export function playsOfReview(stage: Stage, traces: Traces, past: PastIncident): Play[] {
  const mine = improvements.filter((one) => one.story === past.story);
  if (past.ended || (past.severity > 2 && mine.length === 0)) return [];
  const restored = (after(past, stage.now, past.restored ?? 80) as Date).getTime();
  const at = (days: number) => new Date(restored + days * DAY);
  const incidentId = () => traces.incidents.get(past.story) as string;
  const { commander } = responses[past.story]!;
  const finished = finishedAfter(past);
  const talked = at(finished === null ? 2 : finished - 0.5);
  const plays: Play[] = [{ at: talked, run: () => write(stage, talked, past, incidentId()) }];
  if (past.severity > 2) {
    const asked = at(0.2);
    const because = 'It surprised us more than its size';
    plays.push({
      at: asked,
      run: () => stage.at(asked, commander, (ctx) => requestReview(ctx, { incidentId: incidentId(), because })),
    });
  }
  for (const one of mine) plays.push(...playsOfImprovement(stage, one, new Date(talked.getTime() + 600_000), traces));
  if (finished !== null) {
    const finish = async () => {
      const { id } = await reviewIdOf(stage, incidentId());
      await stage.at(at(finished), commander, (ctx) => finishReview(ctx, { id }));
    };
    plays.push({ at: at(finished), run: finish });
  }
  return plays;
}

/** The drills of the year as rows: they were led by people around a table, or before this installation stood. */
export async function rememberDrills(stage: Stage, serviceIds: Map<string, { id: string }>): Promise<void> {
  for (const drill of exercises) {
    const id = newId('exr');
    const startedAt = new Date(stage.now.getTime() - drill.daysAgo * DAY);
    const endedAt = new Date(startedAt.getTime() + drill.minutes * 60_000);
    const closedAt = new Date(endedAt.getTime() + 30 * 60_000);
    const facilitatorId = stage.idOf(drill.facilitator);
    await stage.db
      .insertInto('drills.exercises')
      .values({
        ...{
          id,
          scenario: drill.scenario,
          family: drill.family,
          title: drill.title,
          brief: drill.brief,
          facilitatorId,
        },
        ...{
          objectives: JSON.stringify(drill.objectives) as never,
          serviceId: serviceIds.get(drill.service)?.id ?? null,
        },
        ...{ state: 'closed' as const, cold: false, startedAt, endsBy: endedAt, endedAt, endedBecause: 'as planned' },
        ...{ sweep: JSON.stringify({ clean: true, found: [] }) as never, closedAt, closedBy: facilitatorId },
      })
      .execute();
    for (const name of drill.players) {
      await stage.db
        .insertInto('drills.players')
        .values({ exerciseId: id, userId: stage.idOf(name) })
        .execute();
    }
    for (const { kind, text, by } of drill.lessons) {
      const lesson = { id: newId('les'), exerciseId: id, kind, text, notedBy: stage.idOf(by), notedAt: endedAt };
      await stage.db.insertInto('drills.lessons').values(lesson).execute();
    }
  }
}

/** What is late in the story was noted as late in its time: nobody is reminded of the past on the first day. */
export async function noteOldDelays(stage: Stage): Promise<void> {
  await stage.db
    .updateTable('learning.actions')
    .set((eb) => ({ overdueNotedAt: eb.ref('dueAt') }))
    .where('state', 'in', ['confirmed', 'in_progress'])
    .where('dueAt', '<=', stage.now)
    .execute();
}
