/** Roles that must be held now and are not (M33c): what is missing, why, and the rows that remember it. */
import type { Ctx } from '#kernel';
import { allRoles, type RoleRow, rotasNow } from '#people';
import { isActive } from '../lifecycle/model.ts';
import type { IncidentRow, UnfilledRow, WhyUnfilled } from '../tables.ts';
import { currentMatrix } from './matrix.ts';
import { neededRoles } from './raci.ts';
import { holdingsOf } from './store.ts';

export interface Missing {
  role: RoleRow;
  why: WhyUnfilled;
}

export const WHY: Record<WhyUnfilled, string> = {
  nobody: 'nobody has taken it',
  no_rota: 'it has no rota',
  nobody_on_rota: 'nobody is on its rota now',
  not_enrolled: 'whoever is on its rota does not take part in this exercise',
};

/** What is missing at this moment; nothing when the incident is over. */
export async function missingRoles(ctx: Ctx, incident: IncidentRow): Promise<Missing[]> {
  if (!isActive(incident.phase)) return [];
  const [roles, matrix, holdings] = await Promise.all([
    allRoles(ctx),
    currentMatrix(ctx),
    holdingsOf(ctx, incident.id),
  ]);
  const needed = neededRoles(roles, matrix.activities, incident);
  const lacking = roles.filter(({ key }) => needed.includes(key) && !holdings.some(({ role }) => role === key));
  if (lacking.length === 0) return [];
  const rotas = await rotasNow(ctx);
  return lacking.map((role) => ({ role, why: reason(rotas.get(role.key), incident.exercise) }));
}

function reason(rota: { userId: string | null } | undefined, exercise: boolean): WhyUnfilled {
  if (!rota) return 'no_rota';
  if (rota.userId === null) return 'nobody_on_rota';
  return exercise ? 'not_enrolled' : 'nobody';
}

/** Flags that stand. */
export const openFlags = (ctx: Pick<Ctx, 'db'>, incidentId: string): Promise<UnfilledRow[]> =>
  ctx.db
    .selectFrom('incidents.unfilledRoles')
    .selectAll()
    .where('incidentId', '=', incidentId)
    .where('until', 'is', null)
    .execute();

/** Whether the flags say what is: nothing to raise, nothing to take down. */
export const flagsAgree = (flags: readonly UnfilledRow[], missing: readonly Missing[]): boolean =>
  flags.length === missing.length && missing.every(({ role }) => flags.some((flag) => flag.role === role.key));

/** Takes down the flags of roles that are held now, or all of them when the incident is over. */
export async function takeDown(ctx: Ctx, incidentId: string, roles: readonly string[] | 'all'): Promise<void> {
  if (roles !== 'all' && roles.length === 0) return;
  let query = ctx.db
    .updateTable('incidents.unfilledRoles')
    .set({ until: ctx.now })
    .where('incidentId', '=', incidentId)
    .where('until', 'is', null);
  if (roles !== 'all') query = query.where('role', 'in', [...roles]);
  await query.execute();
}
