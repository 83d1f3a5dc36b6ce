/** Who has which incident role now, as the modules above tell it: for steps that call a role. Reads only. */
import type { Ctx, StampedAt } from '#kernel';
import type { RoleRow } from './duties/store.ts';

interface RoleHoldersTable {
  incidentId: string;
  roleKey: string;
  userId: string;
  since: StampedAt;
}

declare module '#kernel' {
  interface Database {
    'people.roleHolders': RoleHoldersTable;
  }
}

/** A role that steps call: its rota, and who holds it in the incident of the page. */
export interface RoleNow extends Pick<RoleRow, 'key' | 'title' | 'scheduleId'> {
  holders: string[];
}

/** What a page tells about its incident. */
export interface OfIncident {
  incidentId?: string | null | undefined;
  roleIncidentId?: string | null | undefined;
}

/** The roles among these that are in use, each with its holders in the page's incident. */
export async function rolesNow(ctx: Pick<Ctx, 'db'>, keys: string[], page: OfIncident): Promise<RoleNow[]> {
  if (keys.length === 0) return [];
  const incidentId = page.incidentId ?? page.roleIncidentId ?? '';
  const roles = await ctx.db
    .selectFrom('people.roles')
    .select(['key', 'title', 'scheduleId'])
    .where('key', 'in', keys)
    .where('retiredAt', 'is', null)
    .execute();
  const held = await ctx.db
    .selectFrom('people.roleHolders')
    .select(['roleKey', 'userId'])
    .where('incidentId', '=', incidentId)
    .where('roleKey', 'in', keys)
    .orderBy('since')
    .execute();
  return roles.map((role) => ({
    ...role,
    holders: held.filter(({ roleKey }) => roleKey === role.key).map(({ userId }) => userId),
  }));
}
