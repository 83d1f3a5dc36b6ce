/** Asks for the review of an incident whose severity requires none: surprises and near misses teach as well. */
import { incidentById } from '#incidents';
import { conflict, personOf } from '#kernel';
import { command } from '#security';
import { lockReviewOf } from '../store.ts';
import { openReview } from './openReview.ts';

export const requestReview = command(
  'learning.requestReview',
  { allow: 'responder' },
  async (ctx, input: { incidentId: string; because: string }) => {
    const incident = await incidentById(ctx, input.incidentId);
    if (!incident.restoredAt) {
      throw conflict(
        `${incident.key} is still under way`,
        'learning.request.restored',
        'A review is opened when the service is restored; write what you noticed into the timeline meanwhile.',
      );
    }
    const known = await lockReviewOf(ctx, incident.id);
    if (known) throw conflict(`${incident.key} has a review already`, 'learning.request.exists');
    const asked = { by: personOf(ctx.actor) ?? null, because: input.because };
    ctx.exercise = incident.exercise;
    const opened = await openReview(ctx, { incidentId: incident.id, asked });
    ctx.audit.subject = opened?.id;
    ctx.audit.reason = input.because;
    return { id: opened!.id };
  },
);
