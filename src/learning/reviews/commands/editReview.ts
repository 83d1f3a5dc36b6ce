/** Writes into a review. Whoever writes on an old version is told so, and nobody's words are lost. */
import { conflict, emit, invalid, json, Problem } from '#kernel';
import { command } from '#security';
import { reviewChanged } from '../../events.ts';
import { isFactor, isFinished, isTrigger } from '../model.ts';
import type { SectionName } from '../sections.ts';
import { type FactorNote, type Finding, lockReview, replaceFactors, saveReview } from '../store.ts';

interface EditReview {
  id: string;
  version: number;
  sections?: Partial<Record<SectionName, string>> | undefined;
  trigger?: string | null | undefined;
  factors?: FactorNote[] | undefined;
  findings?: Finding[] | undefined;
}

function check(input: EditReview): void {
  const errors: { path: string; message: string }[] = [];
  if (input.trigger && !isTrigger(input.trigger))
    errors.push({ path: 'trigger', message: 'not in the list of triggers' });
  const seen = new Set<string>();
  input.factors?.forEach(({ code }, i) => {
    if (!isFactor(code)) errors.push({ path: `factors.${i}.code`, message: 'not in the list of factors' });
    if (seen.has(code)) errors.push({ path: `factors.${i}.code`, message: `${code} is named twice` });
    seen.add(code);
  });
  if (errors.length > 0) throw invalid('The review can not be saved like this', 'learning.taxonomy', errors);
}

export const editReview = command('learning.editReview', { allow: 'responder' }, async (ctx, input: EditReview) => {
  check(input);
  const review = await lockReview(ctx, input.id);
  if (isFinished(review.state)) {
    throw conflict('This review is finished and stays as it is', 'learning.review.finished');
  }
  if (review.version !== input.version) {
    throw new Problem(412, 'Somebody else has written into this review', {
      rule: 'learning.review.version',
      detail: 'Load it again; what you wrote is still on your screen.',
      extra: { version: review.version },
    });
  }
  if (input.factors) await replaceFactors(ctx, review.id, input.factors);
  await saveReview(ctx, review.id, {
    sections: json({ ...review.sections, ...input.sections }),
    trigger: input.trigger === undefined ? review.trigger : input.trigger,
    findings: json(input.findings ?? review.findings),
    state: review.state === 'scheduled' ? 'in_review' : review.state,
    editedAt: ctx.now,
  });
  const about = { reviewId: review.id, incidentId: review.incidentId };
  await emit(ctx, reviewChanged, about, { subject: review.id, incident: review.incidentId });
  ctx.audit.subject = review.id;
  ctx.audit.incident = review.incidentId;
  ctx.audit.after = { changed: Object.keys(input).filter((key) => !['id', 'version'].includes(key)) };
});
