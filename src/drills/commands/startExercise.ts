/** Starts an exercise over the real path: everything that follows from its alerts carries the mark. */
import { serviceById } from '#catalog';
import { addMs, type Ctx, conflict, emit, invalid, notFound, personOf } from '#kernel';
import { enrolPlayers } from '#people';
import { command, userById } from '#security';
import { exerciseStarted } from '../events.ts';
import { tellPlayers } from '../mails.ts';
import { planInjects } from '../model.ts';
import { FREE_FORM, freeForm, type Scenario, scenarioByName } from '../scenarios/index.ts';
import { exerciseKey, insertExercise, insertInject, insertPlayers } from '../store.ts';
import { setTimers } from '../jobs.ts';

interface StartExercise {
  scenario: string;
  serviceId: string;
  playerIds: string[];
  cold: boolean;
  minutes?: number | undefined;
  title?: string | undefined;
  brief?: string | undefined;
}

const MINUTE = 60_000;

function scenarioOf(input: StartExercise): Scenario {
  if (input.scenario !== FREE_FORM) {
    const known = scenarioByName(input.scenario);
    if (known) return known;
    throw notFound('Scenario', input.scenario);
  }
  if (input.title) return freeForm(input.title, input.brief ?? '');
  throw invalid('Say what the alert tells', 'drills.start.title', [
    { path: 'title', message: 'what does the alert say?' },
  ]);
}

/** Real beats exercise: nobody starts to practise while a real SEV1 or SEV2 is open. */
async function refuseInEarnest(ctx: Ctx): Promise<void> {
  const real = await ctx.db
    .selectFrom('incidents.incidents')
    .select(['key', 'severity'])
    .where('exercise', '=', false)
    .where('severity', '<=', 2)
    .where('phase', 'in', ['detection', 'containment', 'eradication', 'recovery', 'verification'])
    .orderBy('severity')
    .limit(1)
    .executeTakeFirst();
  if (!real) return;
  throw conflict(
    `${real.key} (SEV${real.severity}) is real and open`,
    'drills.start.real',
    'Real beats exercise: practise when it is restored.',
  );
}

async function checkPeople(ctx: Ctx, playerIds: readonly string[]): Promise<void> {
  for (const [i, id] of playerIds.entries()) {
    if ((await userById(ctx, id))?.active) continue;
    throw invalid('Not everybody can play', 'drills.start.players', [
      { path: `playerIds.${i}`, message: 'there is no such active person' },
    ]);
  }
}

export const startExercise = command(
  'drills.startExercise',
  { allow: 'responder' },
  async (ctx, input: StartExercise) => {
    const scenario = scenarioOf(input);
    const service = await serviceById(ctx, input.serviceId);
    if (!service) throw notFound('Service', input.serviceId);
    await refuseInEarnest(ctx);
    await checkPeople(ctx, input.playerIds);
    const facilitatorId = personOf(ctx.actor);
    if (!facilitatorId) throw conflict('An exercise needs a person who leads it', 'drills.start.facilitator');
    ctx.exercise = true;
    const { name, family, title, brief, objectives } = scenario;
    const exercise = await insertExercise(ctx, {
      ...{ scenario: name, family, title, brief, objectives, serviceId: service.id, facilitatorId, cold: input.cold },
      endsBy: addMs(ctx.now, (input.minutes ?? scenario.minutes) * MINUTE),
    });
    await insertPlayers(ctx, exercise.id, input.playerIds);
    // Without players the facilitator plays: somebody has to hear of it, and nobody else may.
    const userIds = input.playerIds.length > 0 ? input.playerIds : [facilitatorId];
    await enrolPlayers(ctx, { ref: exercise.id, userIds, until: exercise.endsBy });
    const injects = [];
    for (const [position, { inject, plannedAt }] of planInjects(scenario, ctx.now, exercise.endsBy).entries()) {
      injects.push(await insertInject(ctx, exercise.id, position, inject, plannedAt));
    }
    await setTimers(ctx, exercise, injects);
    // A cold drill is not announced: the page is the first that players hear of it.
    if (!input.cold) await tellPlayers(ctx, exercise, 'start', title, `The exercise begins now.\n\n${brief}`);
    const key = exerciseKey(exercise);
    await emit(ctx, exerciseStarted, { exerciseId: exercise.id, key }, { subject: exercise.id });
    ctx.audit.subject = exercise.id;
    ctx.audit.after = { key, scenario: name, service: service.name, players: input.playerIds.length };
    return { id: exercise.id };
  },
);
