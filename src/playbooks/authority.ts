/** Authority tokens of the person who acts (domain.md 2.3). */

import { authorityOf } from '#incidents';
import { type Ctx, Problem, personOf } from '#kernel';

/** The tokens the actor holds on an incident. The engine and policies hold what their own rules gave them. */
export async function tokensOf(ctx: Ctx, incidentId: string): Promise<ReadonlySet<string>> {
  const person = personOf(ctx.actor);
  return person ? new Set<string>(await authorityOf(ctx, incidentId, person)) : new Set();
}

/** Refuses with 403 when the actor does not hold the token. */
export async function requireToken(ctx: Ctx, incidentId: string, token: string): Promise<void> {
  if (ctx.actor.kind === 'system') return;
  if ((await tokensOf(ctx, incidentId)).has(token)) return;
  throw new Problem(403, `You do not hold the authority "${token.replaceAll('_', ' ')}" here`, {
    rule: `playbooks.authority.${token}`,
    detail: 'The incident commander holds it, or gives you the role that does.',
  });
}
