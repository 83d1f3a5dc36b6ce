/** What crosses the wire about drills: the scenarios, an exercise from start to its lessons. */
import { z } from 'zod';
import { endpoint, id, instant, pageOf, pageQuery, personRef } from './core.ts';

export const exerciseId = id('exr');

export const exerciseState = z.enum(['running', 'ended', 'aborted', 'closed']);
export const family = z.enum([
  'partial_outage',
  'latency',
  'data_delay',
  'data_loss',
  'third_party',
  'security',
  'access',
]);
export const lessonKind = z.enum(['worked', 'hard', 'change']);
export type ExerciseState = z.infer<typeof exerciseState>;
export type Family = z.infer<typeof family>;
export type LessonKind = z.infer<typeof lessonKind>;

const line = z.string().trim().min(1, 'write at least one word').max(300);

export const scenario = z.object({
  name: z.string(),
  title: z.string(),
  family,
  brief: z.string(),
  objectives: z.array(z.string()),
  minutes: z.number(),
  injects: z.array(z.object({ afterMinutes: z.number(), kind: z.string(), text: z.string() })),
});
export type Scenario = z.infer<typeof scenario>;

export const exerciseSummary = z.object({
  id: exerciseId,
  /** What people say aloud: `EX-3`. */
  key: z.string(),
  title: z.string(),
  scenario: z.string(),
  family,
  state: exerciseState,
  service: z.object({ id: z.string(), name: z.string() }).nullable(),
  facilitator: personRef,
  cold: z.boolean(),
  startedAt: instant,
  endsBy: instant,
  endedAt: instant.nullable(),
  endedBecause: z.string().nullable(),
  aborted: z.boolean(),
});
export type ExerciseSummary = z.infer<typeof exerciseSummary>;

export const exercise = exerciseSummary.extend({
  brief: z.string(),
  objectives: z.array(z.string()),
  players: z.array(personRef),
  group: z.object({ id: z.string(), title: z.string(), state: z.string() }).nullable(),
  incident: z.object({ id: z.string(), key: z.string(), title: z.string(), phase: z.string() }).nullable(),
  injects: z.array(
    z.object({
      id: z.string(),
      kind: z.string(),
      text: z.string(),
      plannedAt: instant,
      deliveredAt: instant.nullable(),
      state: z.enum(['planned', 'delivered', 'skipped']),
    }),
  ),
  /** What the product saw by itself: minutes after the start, `null` = has not happened. Never a person's figure. */
  observed: z.array(
    z.object({ what: z.string(), label: z.string(), at: instant.nullable(), minutes: z.number().nullable() }),
  ),
  lessons: z.array(
    z.object({ id: z.string(), kind: lessonKind, text: z.string(), notedBy: personRef, notedAt: instant }),
  ),
  noneBecause: z.string().nullable(),
  sweep: z.object({ clean: z.boolean(), found: z.array(z.object({ what: z.string(), done: z.string() })) }).nullable(),
  closedAt: instant.nullable(),
});
export type Exercise = z.infer<typeof exercise>;

const params = z.object({ id: exerciseId });
const base = '/api/v1/drills';

export const endpoints = {
  scenarios: endpoint({
    id: 'drills.scenarios',
    method: 'GET',
    path: `${base}/scenarios`,
    summary: 'The scenarios that come with the product',
    access: 'signed_in',
    response: z.object({ items: z.array(scenario) }),
  }),
  listExercises: endpoint({
    id: 'drills.listExercises',
    method: 'GET',
    path: `${base}/exercises`,
    summary: 'Exercises, the latest first',
    access: 'signed_in',
    query: z.strictObject({ ...pageQuery }),
    response: pageOf(exerciseSummary),
  }),
  getExercise: endpoint({
    id: 'drills.getExercise',
    method: 'GET',
    path: `${base}/exercises/:id`,
    summary: 'One exercise: what was injected, what was observed, what was learned',
    access: 'signed_in',
    params,
    response: exercise,
  }),
  startExercise: endpoint({
    id: 'drills.startExercise',
    method: 'POST',
    path: `${base}/exercises`,
    summary: 'Start an exercise over the real path: everything derived from it carries the mark',
    access: 'drills.startExercise',
    body: z.strictObject({
      scenario: z.string().max(80),
      serviceId: z.string().max(60),
      playerIds: z.array(z.string().max(60)).max(50).default([]),
      cold: z.boolean().default(false),
      minutes: z.number().int().min(5).max(480).optional(),
      /** For the scenario `free-form`: what the alert says and what the players should know. */
      title: line.optional(),
      brief: z.string().max(5_000).optional(),
    }),
    response: exercise,
    status: 201,
  }),
  endExercise: endpoint({
    id: 'drills.endExercise',
    method: 'POST',
    path: `${base}/exercises/:id/end`,
    summary: 'End it as planned and sweep up what it left behind',
    access: 'drills.endExercise',
    params,
    body: z.strictObject({}).optional(),
    response: exercise,
  }),
  abortExercise: endpoint({
    id: 'drills.abortExercise',
    method: 'POST',
    path: `${base}/exercises/:id/abort`,
    summary: 'Stop it now; anybody on duty may',
    access: 'drills.abortExercise',
    params,
    body: z.strictObject({ reason: line }),
    response: exercise,
  }),
  noteLesson: endpoint({
    id: 'drills.noteLesson',
    method: 'POST',
    path: `${base}/exercises/:id/lessons`,
    summary: 'Keep one thing learned; a change becomes a proposed improvement',
    access: 'drills.noteLesson',
    params,
    body: z.strictObject({ kind: lessonKind, text: z.string().trim().min(1, 'write at least one word').max(1_000) }),
    response: exercise,
    status: 201,
  }),
  closeExercise: endpoint({
    id: 'drills.closeExercise',
    method: 'POST',
    path: `${base}/exercises/:id/close`,
    summary: 'Close it: with at least one lesson, or with the reason why there is none',
    access: 'drills.closeExercise',
    params,
    body: z.strictObject({ noneBecause: line.optional() }),
    response: exercise,
  }),
};
