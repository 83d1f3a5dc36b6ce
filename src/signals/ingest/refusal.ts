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
