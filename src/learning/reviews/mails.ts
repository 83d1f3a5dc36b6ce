/** Tells people by mail what has become theirs. Rows in the caller's transaction; the channel sends them later. */
import { send } from '#channels';
import { type Ctx, config, readersOf, zone } from '#kernel';
import { userById } from '#security';
import type { ReviewRow } from './store.ts';

type Occasion = 'opened' | 'assigned' | 'overdue';

const words: Record<Occasion, { subject: string; lead: string }> = {
  opened: {
    subject: 'You own the review of',
    lead: 'The incident is restored. Its review is yours, as its commander.',
  },
  assigned: { subject: 'You own the review of', lead: 'Somebody has made this review yours.' },
  overdue: { subject: 'Overdue: the review of', lead: 'This review should have been finished by now.' },
};

/** One mail to one person; nothing when the person has left. */
export async function mail(ctx: Ctx, userId: string, message: { subject: string; text: string }, key: string) {
  const user = await userById(ctx, userId);
  if (!user?.active) return;
  await send(ctx, {
    channel: 'email',
    to: user.email,
    message,
    purpose: 'internal',
    ref: key,
    key: `${key}:${userId}`,
  });
}

/** Tells the owner of a review. The key makes sure that the same occasion is told once. */
export async function tellReviewOwner(ctx: Ctx, review: ReviewRow, occasion: Occasion): Promise<void> {
  if (!review.ownerId) return;
  const incident = await ctx.db
    .selectFrom('incidents.incidents')
    .select(['key', 'title'])
    .where('id', '=', review.incidentId)
    .executeTakeFirstOrThrow();
  const readers = await readersOf(ctx, review.incidentId);
  if (readers) {
    // A mail says nothing of a restricted incident, and only to those who may open it.
    if (!readers.includes(review.ownerId)) return;
    incident.title = 'a restricted incident';
  }
  const { subject, lead } = words[occasion];
  const due = review.dueAt ? `Due: ${zone.sayInstant(review.dueZone, review.dueAt)}\n` : '';
  const text =
    `${lead}\n\n${incident.key}: ${incident.title}\n${due}\nMost of it is filled in from the record:\n` +
    `${config.publicUrl}/reviews/${review.id}\n`;
  await mail(ctx, review.ownerId, { subject: `${subject} ${incident.key}`, text }, `review:${review.id}:${occasion}`);
}
