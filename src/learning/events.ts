/** What learning announces: to drills and the home screen above, and to every open screen. */
import { z } from 'zod';
import { defineEvent } from '#kernel';

const STREAM_ONLY = { unheard: 'keeps open screens fresh through the live stream' };
const review = { reviewId: z.string(), incidentId: z.string() };
const action = { actionId: z.string(), reviewId: z.string().nullable() };

export const reviewCreated = defineEvent(
  'review.created',
  z.object({ ...review, ownerId: z.string().nullable(), dueAt: z.string().nullable() }),
  STREAM_ONLY,
);
export const reviewChanged = defineEvent('review.changed', z.object(review), STREAM_ONLY);
export const reviewOverdue = defineEvent('review.overdue', z.object(review), STREAM_ONLY);
export const reviewCompleted = defineEvent('review.completed', z.object(review), STREAM_ONLY);
/** The last action of a finished review is settled: what the incident taught has been done. */
export const loopClosed = defineEvent('review.loop_closed', z.object(review), STREAM_ONLY);

export const actionProposed = defineEvent('action_item.proposed', z.object(action), STREAM_ONLY);
export const actionConfirmed = defineEvent(
  'action_item.confirmed',
  z.object({ ...action, ownerId: z.string(), dueOn: z.string() }),
  STREAM_ONLY,
);
export const actionChanged = defineEvent('action_item.changed', z.object(action), STREAM_ONLY);
export const actionOverdue = defineEvent('action_item.overdue', z.object(action), STREAM_ONLY);
export const actionDone = defineEvent('action_item.done', z.object(action), STREAM_ONLY);

export const events = [
  ...[reviewCreated, reviewChanged, reviewOverdue, reviewCompleted, loopClosed],
  ...[actionProposed, actionConfirmed, actionChanged, actionOverdue, actionDone],
];
