/** What was proven, and for how long it counts: the step between signing in and saying yes to something grave. */
import { addMs, type Ctx, Problem } from '#kernel';
import type { Taken } from './store.ts';
import { factorSince } from './store.ts';

/** A code typed at the beginning of a busy minute is good for the approvals that follow. */
export const PROVEN_MS = 5 * 60_000;

/** Turns the verdict on a code into the refusal a person can act on. Throws unless it was taken. */
export function insistTaken(taken: Taken): void {
  if (taken === 'taken') return;
  if (taken === 'absent')
    throw new Problem(409, 'No second factor is set up for you', {
      rule: 'security.second_factor_absent',
      detail: 'Set one up in your profile.',
    });
  if (taken === 'limited')
    throw new Problem(429, 'Too many wrong codes', {
      rule: 'security.second_factor_limit',
      detail: 'Wait fifteen minutes, or ask an administrator to reset your second factor.',
    });
  throw new Problem(422, 'This code is not right', {
    rule: 'security.second_factor_wrong',
    detail: 'Type the six digits your authenticator app shows now, or a recovery code. Each works once.',
    errors: [{ path: 'code', message: 'not right, or used already' }],
  });
}

/**
 * How the person behind the context has proven who they are: `code` within the last five minutes, `missing` when they have a
 * factor and did not, `none` when they have none.
 */
export async function provenBy(ctx: Ctx): Promise<'code' | 'missing' | 'none'> {
  const { provenAt, id } = ctx.actor;
  if ((await factorSince(ctx, id)) === undefined) return 'none';
  return provenAt !== undefined && provenAt > addMs(ctx.now, -PROVEN_MS) ? 'code' : 'missing';
}
