/** Loosening what must be true before "restored" is for those who may declare it. */
import { type Ctx, personOf, Problem } from '#kernel';
import { authorityOf } from '#incidents';

export async function mayLoosen(ctx: Ctx, incidentId: string): Promise<boolean> {
  const person = personOf(ctx.actor);
  if (ctx.actor.kind === 'system') return true;
  return person !== undefined && (await authorityOf(ctx, incidentId, person)).has('declare_restored');
}

/** Throws 403 for everybody else. */
export async function requireLoosen(ctx: Ctx, incidentId: string): Promise<void> {
  if (await mayLoosen(ctx, incidentId)) return;
  throw new Problem(403, 'Only who may declare restored may ask for less', {
    rule: 'recovery.authority.declare_restored',
    detail: 'The incident commander holds that authority.',
  });
}
