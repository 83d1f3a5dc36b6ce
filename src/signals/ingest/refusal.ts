/** A refusal in the sender's own form: the vendor's where it has one, else problem details. */
import type { Ctx, ProblemBody } from '#kernel';
import type { Answer, Family } from './family.ts';

export function refusal(
  family: Family,
  ctx: Pick<Ctx, 'requestId'>,
  status: number,
  title: string,
  rule: string,
  errors: string[],
): Answer {
  if (family.refused) return family.refused(status, title, errors, ctx.requestId);
  const body: ProblemBody = {
    type: `about:blank#${rule}`,
    title,
    status,
    rule,
    errors: errors.map((message) => ({ path: '', message })),
    requestId: ctx.requestId,
  };
  return { status, body, type: 'application/problem+json' };
}

type Asked = Pick<Ctx, 'requestId'>;

/** To a key that opens nothing here: unknown, revoked and foreign keys are answered alike. */
export const unknownKey = (ctx: Asked, family: Family): Answer =>
  refusal(family, ctx, 401, 'This key is not valid', 'signals.key', [
    'The key is unknown, was revoked, or belongs to another kind of integration.',
  ]);

/** To a sender whose integration is switched off. */
export const switchedOff = (ctx: Asked, family: Family): Answer =>
  refusal(family, ctx, 403, 'This integration is switched off', 'signals.disabled', [
    'Nothing was stored. The integration counts what it refuses.',
  ]);

/** To a sender whose post cannot be judged just now: senders drop what is answered 4xx for good, so it is to come again. */
export function laterPlease(family: Family, ctx: Asked, why: string): Answer {
  const answer = refusal(family, ctx, 503, 'This cannot be checked just now', 'signals.later', [why]);
  return { ...answer, headers: { ...answer.headers, 'retry-after': '30' } };
}

/** To a sender who has used up its share: nothing was stored, it is to come again. */
export function tooMany(ctx: Asked, family: Family, seconds: number): Answer {
  const answer = refusal(family, ctx, 429, 'Too many posts at once', 'signals.share', [
    `Nothing was stored. Send it again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`,
  ]);
  return { ...answer, headers: { ...answer.headers, 'retry-after': String(seconds) } };
}

/** To ourselves: a webhook of this installation leads to a door of this installation. */
export const ownPost = (ctx: Asked, family: Family): Answer =>
  refusal(family, ctx, 508, 'This post comes from this very installation', 'signals.loop', [
    'A webhook of ours calls a door of ours: each post would make the next one. Give the webhook another address.',
  ]);
