/** What recovery announces. */
import { defineEvent } from '#kernel';
import { z } from 'zod';

const about = { incidentId: z.string(), planId: z.string() };
export const readinessMet = defineEvent('readiness.met', z.object(about), {
  unheard: 'for communication and screens to hear',
});
export const readinessLost = defineEvent('readiness.lost', z.object({ ...about, reasons: z.array(z.string()) }), {
  unheard: 'for communication and screens to hear',
});
export const criteriaChanged = defineEvent('recovery.criteria_changed', z.object(about), { unheard: 'screens only' });
/** A verdict or the clock changed; screens look again. */
export const readinessSampled = defineEvent('readiness.sampled', z.object(about), { unheard: 'screens only' });

const course = { incidentId: z.string(), courseId: z.string() };
/** A stage began, holds, passed, was taken back …; `passed` of `total` are the numbers everybody is told. */
export const stageChanged = defineEvent(
  'recovery.stage_changed',
  z.object({
    ...course,
    stageId: z.string().nullable(),
    what: z.enum(['entered', 'soaking', 'gate', 'passed', 'failed', 'rolled_back', 'returned', 'paused', 'changed']),
    passed: z.number(),
    total: z.number(),
  }),
);
export const stageFailed = defineEvent(
  'recovery.stage_failed',
  z.object({ ...course, stageId: z.string(), symptom: z.string() }),
  { unheard: 'what customers are told follows from the stage change; this one is for streams and drills' },
);
export const signoffChanged = defineEvent(
  'recovery.signoff_changed',
  z.object({ ...course, lane: z.string(), state: z.string() }),
  { unheard: 'screens only' },
);
/** Restored, and the same criteria are not true any more. */
export const relapseSuspected = defineEvent(
  'recovery.relapse_suspected',
  z.object({ incidentId: z.string(), reasons: z.array(z.string()) }),
  { unheard: 'the page it starts calls a person; screens show it' },
);
export const leftoversFound = defineEvent(
  'recovery.leftovers_found',
  z.object({ incidentId: z.string(), left: z.number() }),
  { unheard: 'screens only' },
);

export const events = [
  readinessMet,
  readinessLost,
  criteriaChanged,
  readinessSampled,
  stageChanged,
  stageFailed,
  signoffChanged,
  relapseSuspected,
  leftoversFound,
];
