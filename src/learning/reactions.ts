/** What learning does when an incident moves: open the review, keep the figures true. Safe to run twice. */
import {
  incidentClosed,
  incidentContained,
  incidentDismissed,
  incidentEdited,
  incidentMerged,
  incidentRestored,
  severityChanged,
} from '#incidents';
import { type Ctx, reaction } from '#kernel';
import { recomputeCase } from './metrics/commands/recomputeCase.ts';
import { openReview } from './reviews/commands/openReview.ts';

const recount = (ctx: Ctx, { incidentId }: { incidentId: string }) => recomputeCase(ctx, { incidentId });

/** Restored, not closed, opens the review: closing asks for a scheduled one, so it has to exist before. */
export const onRestored = reaction('learning.onRestored', incidentRestored, async (ctx, { incidentId }) => {
  await openReview(ctx, { incidentId });
  await recomputeCase(ctx, { incidentId });
});

/** A severity raised after the service came back makes a review due that was not. */
export const onSeverityChanged = reaction(
  'learning.onSeverityChanged',
  severityChanged,
  async (ctx, { incidentId }) => {
    const { restoredAt } = await ctx.db
      .selectFrom('incidents.incidents')
      .select('restoredAt')
      .where('id', '=', incidentId)
      .executeTakeFirstOrThrow();
    if (restoredAt) await openReview(ctx, { incidentId });
    await recomputeCase(ctx, { incidentId });
  },
);

/** Closed without a review can only be when the gate was waived: then the waiver stands, and only the figures follow. */
export const onClosed = reaction('learning.onClosed', incidentClosed, recount);
export const onContained = reaction('learning.onContained', incidentContained, recount);
export const onDismissed = reaction('learning.onDismissed', incidentDismissed, recount);
export const onMerged = reaction('learning.onMerged', incidentMerged, recount);
/** The bounds of the impact may be corrected long after the end. */
export const onEdited = reaction('learning.onEdited', incidentEdited, recount);

export const reactions = [onRestored, onSeverityChanged, onClosed, onContained, onDismissed, onMerged, onEdited];
