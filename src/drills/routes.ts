/** HTTP ↔ drills' commands and queries. */
import { endpoints as at } from '#contract/drills';
import { route } from '#kernel';
import { abortExercise } from './commands/abortExercise.ts';
import { closeExercise } from './commands/closeExercise.ts';
import { endExercise } from './commands/endExercise.ts';
import { noteLesson } from './commands/noteLesson.ts';
import { startExercise } from './commands/startExercise.ts';
import { exerciseById, listExercises } from './queries.ts';
import { scenarios } from './scenarios/index.ts';

export const routes = [
  route(at.scenarios, async () => ({
    items: scenarios.map((scenario) => ({
      ...scenario,
      injects: scenario.injects.map(({ afterMinutes, kind, text }) => ({ afterMinutes, kind, text })),
    })),
  })),
  route(at.listExercises, async ({ ctx, query }) => listExercises(ctx, query)),
  route(at.getExercise, async ({ ctx, params }) => exerciseById(ctx, params.id)),
  route(at.startExercise, async ({ ctx, body }) => exerciseById(ctx, (await startExercise(ctx, body)).id)),
  route(at.endExercise, async ({ ctx, params }) => {
    await endExercise(ctx, { id: params.id });
    return exerciseById(ctx, params.id);
  }),
  route(at.abortExercise, async ({ ctx, params, body }) => {
    await abortExercise(ctx, { id: params.id, reason: body.reason });
    return exerciseById(ctx, params.id);
  }),
  route(at.noteLesson, async ({ ctx, params, body }) => {
    await noteLesson(ctx, { id: params.id, ...body });
    return exerciseById(ctx, params.id);
  }),
  route(at.closeExercise, async ({ ctx, params, body }) => {
    await closeExercise(ctx, { id: params.id, noneBecause: body.noneBecause });
    return exerciseById(ctx, params.id);
  }),
];
