/** Loosening what must be true before "restored" is for those who may declare it; moving load back, for those who may approve it. */
import { type Ctx, personOf, Problem } from '#kernel';
import { authorityOf } from '#incidents';

export async function mayLoosen(ctx: Ctx, incidentId: string): Promise<boolean> {
  return holds(ctx, incidentId, 'declare_restored');
}

/** Whether the actor holds an authority token on the incident; the product's own engines hold all. */
export async function holds(ctx: Ctx, incidentId: string, token: string): Promise<boolean> {
  const person = personOf(ctx.actor);
  if (ctx.actor.kind === 'system') return true;
  return person !== undefined && (await authorityOf(ctx, incidentId, person)).has(token as never);
}

/** Throws 403 for everybody else. */
export async function requireLoosen(ctx: Ctx, incidentId: string): Promise<void> {
  if (await mayLoosen(ctx, incidentId)) return;
  throw new Problem(403, 'Only who may declare restored may ask for less', {
    rule: 'recovery.authority.declare_restored',
    detail: 'The incident commander holds that authority.',
  });
}

/** Throws 403 when the actor does not hold the token. */
export async function requireToken(ctx: Ctx, incidentId: string, token: string): Promise<void> {
  if (await holds(ctx, incidentId, token)) return;
  throw new Problem(403, `You do not hold the authority "${token.replaceAll('_', ' ')}" here`, {
    rule: `recovery.authority.${token}`,
    detail: 'The incident commander holds it, or gives you the role that does.',
  });
}
