/** Opens the review of an incident, filled from the record, and lets the incident be closed once it has an owner and a time. */
import { appendEntry } from '#incidents';
import { type Ctx, emit, newId, zone } from '#kernel';
import { command, personRefs } from '#security';
import { reviewCreated } from '../../events.ts';
import { tellReviewOwner } from '../mails.ts';
import { stateWithOwner } from '../model.ts';
import { firstWords, type Opening, planOpening, settleGate } from '../opening.ts';
import { insertReview, lockReviewOf, type ReviewRow, saveReview } from '../store.ts';

interface OpenReview {
  incidentId: string;
  /** Set when somebody asked for a review that no rule requires. */
  asked?: { by: string | null; because: string };
}

async function create(ctx: Ctx, { incidentId, asked }: OpenReview, plan: Opening): Promise<ReviewRow> {
  // Nobody led it: who asks for the review cares enough to own it.
  const ownerId = plan.ownerId ?? asked?.by ?? null;
  const row = await insertReview(ctx, {
    id: newId('rev'),
    incidentId,
    severity: plan.severity,
    form: plan.severity <= 2 ? 'full' : 'light',
    state: stateWithOwner('draft', ownerId, plan.dueAt),
    ownerId,
    dueAt: plan.dueAt,
    dueZone: plan.dueZone,
    policy: plan.policy,
    sections: await firstWords(ctx, incidentId),
    askedBy: asked?.by ?? null,
    askedBecause: asked?.because ?? null,
  });
  // Somebody else was quicker; the unique index decided.
  if (!row) return (await lockReviewOf(ctx, incidentId)) as ReviewRow;
  const about = { reviewId: row.id, incidentId };
  await emit(
    ctx,
    reviewCreated,
    { ...about, ownerId: row.ownerId, dueAt: row.dueAt?.toISOString() ?? null },
    {
      subject: row.id,
      incident: incidentId,
    },
  );
  await tellInRecord(ctx, row);
  if (row.ownerId) await tellReviewOwner(ctx, row, 'opened');
  return row;
}

async function tellInRecord(ctx: Ctx, row: ReviewRow): Promise<void> {
  const owner = row.ownerId ? (await personRefs(ctx, [row.ownerId])).get(row.ownerId)?.name : undefined;
  const due = row.dueAt ? zone.sayInstant(row.dueZone, row.dueAt) : 'not set';
  await appendEntry(ctx, {
    incidentId: row.incidentId,
    kind: 'review',
    text: owner ? `Review scheduled: ${owner} owns it, due ${due}` : `Review opened, due ${due}; it has no owner yet`,
    refs: [{ kind: 'review', id: row.id }],
  });
}

/** Restored once more after a relapse: what nobody has written into follows the record, the due time too. */
async function follow(ctx: Ctx, review: ReviewRow, plan: Opening): Promise<ReviewRow> {
  if (review.editedAt || review.state === 'reviewed' || review.state === 'closed') return review;
  const ownerId = review.ownerId ?? plan.ownerId;
  return saveReview(ctx, review.id, {
    sections: await firstWords(ctx, review.incidentId),
    ownerId,
    dueAt: plan.dueAt,
    originalDueAt: plan.dueAt,
    severity: Math.min(review.severity, plan.severity),
    state: stateWithOwner(review.state, ownerId, plan.dueAt),
  });
}

/** Safe to run twice. `null` when policy asks for no review and nobody else does. */
export const openReview = command(
  'learning.openReview',
  { allow: 'internal' },
  async (ctx, input: OpenReview): Promise<{ id: string } | null> => {
    const plan = await planOpening(ctx, input.incidentId);
    if (!plan.required && !input.asked) return null;
    const known = await lockReviewOf(ctx, input.incidentId);
    const review = known ? await follow(ctx, known, plan) : await create(ctx, input, plan);
    await settleGate(ctx, review);
    ctx.audit.subject = review.id;
    ctx.audit.incident = input.incidentId;
    ctx.audit.after = { state: review.state, ownerId: review.ownerId, dueAt: review.dueAt };
    return { id: review.id };
  },
);
