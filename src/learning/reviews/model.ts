/** The life of a review: when it is scheduled, what it needs to be finished, when it may still be written. Pure. */
import { type ActionState, isUndecided } from '../actions/model.ts';
import { type FactorCode, factors, type Trigger, triggers } from '../taxonomy.ts';

export type ReviewState = 'draft' | 'scheduled' | 'in_review' | 'reviewed' | 'closed';

/** Scheduled means: somebody owns it and it has a time. That is what the closing of an incident waits for. */
export const stateWithOwner = (state: ReviewState, ownerId: string | null, dueAt: Date | null): ReviewState =>
  state === 'draft' && ownerId && dueAt ? 'scheduled' : state;

/** Why the closing of the incident still waits for this review; empty = it does not. */
export function reasonsNotScheduled(ownerId: string | null, dueAt: Date | null): string[] {
  const reasons: string[] = [];
  if (!ownerId) reasons.push('the review has no owner');
  if (!dueAt) reasons.push('the review has no due time');
  return reasons;
}

export const isFinished = (state: ReviewState) => state === 'reviewed' || state === 'closed';

/** Late = not finished when it was due. */
export const isReviewOverdue = (review: { state: ReviewState; dueAt: Date | null }, now: Date) =>
  !isFinished(review.state) && review.dueAt !== null && review.dueAt.getTime() <= now.getTime();

export interface ToFinish {
  trigger: string | null;
  factorCodes: readonly string[];
  summary: string;
  actions: readonly { key: string; state: ActionState }[];
}

/** What stands between a review and its end (M64c): a summary, one trigger, a factor, a verdict on each proposed action. */
export function missingToFinish(review: ToFinish): { path: string; message: string }[] {
  const missing: { path: string; message: string }[] = [];
  if (!review.summary.trim()) missing.push({ path: 'sections.summary', message: 'write the summary' });
  if (!review.trigger) missing.push({ path: 'trigger', message: 'choose the trigger; "not known" is an answer' });
  if (review.factorCodes.length === 0)
    missing.push({ path: 'factors', message: 'name at least one contributing factor' });
  for (const action of review.actions) {
    if (isUndecided(action.state)) {
      missing.push({ path: `actions.${action.key}`, message: `${action.key} is only proposed: confirm or reject it` });
    }
  }
  return missing;
}

export const isTrigger = (code: string): code is Trigger => Object.hasOwn(triggers, code);
/** Only codes of the list: none of them means a person. */
export const isFactor = (code: string): code is FactorCode => Object.hasOwn(factors, code);
