/** Records that a third party was reviewed now, with what was found; the next review is due an interval later. */
import { conflict } from '#kernel';
import { command } from '#security';
import { saveReview } from '../parts.ts';
import { lockService, touchService } from '../store.ts';

export const reviewThirdParty = command(
  'catalog.reviewThirdParty',
  { allow: 'manager', subject: (_input: { id: string; note: string }, result: { id: string }) => result.id },
  async (ctx, input: { id: string; note: string }): Promise<{ id: string }> => {
    const service = await lockService(ctx, input.id);
    if (service.kind !== 'third_party')
      throw conflict(`“${service.name}” is not a third party`, 'catalog.kind', 'Only third parties are reviewed here.');
    await saveReview(ctx, service.id, input.note);
    await touchService(ctx, service);
    ctx.audit.after = { reviewedAt: ctx.now, note: input.note };
    return { id: service.id };
  },
);
