/** What drills announce: for open screens, so that everybody sees at once that practice begins or ends. */
import { z } from 'zod';
import { defineEvent } from '#kernel';

const STREAM_ONLY = { unheard: 'keeps open screens fresh through the live stream' };
const about = z.object({ exerciseId: z.string(), key: z.string() });

export const exerciseStarted = defineEvent('exercise.started', about, STREAM_ONLY);
export const injectDelivered = defineEvent('exercise.inject_delivered', about, STREAM_ONLY);
export const exerciseEnded = defineEvent('exercise.ended', about.extend({ because: z.string() }), STREAM_ONLY);
export const exerciseAborted = defineEvent('exercise.aborted', about.extend({ because: z.string() }), STREAM_ONLY);
export const exerciseSwept = defineEvent('exercise.swept', about.extend({ clean: z.boolean() }), STREAM_ONLY);
export const lessonRecorded = defineEvent('lesson.recorded', about, STREAM_ONLY);
export const exerciseClosed = defineEvent('exercise.closed', about, STREAM_ONLY);

export const events = [
  ...[exerciseStarted, injectDelivered, exerciseEnded, exerciseAborted],
  ...[exerciseSwept, lessonRecorded, exerciseClosed],
];
