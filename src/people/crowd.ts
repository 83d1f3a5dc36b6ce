/** Everybody at once, for screens: names, who is active, and whom a page is proven to reach. */
import type { Ctx } from '#kernel';
import type { Person } from '#security';
import { peopleById } from './checks.ts';

export interface Crowd {
  users: Map<string, Person>;
  /** Those with at least one proven contact method. */
  proven: Set<string>;
}

/** Loads everybody. Two queries. */
export async function crowd(ctx: Ctx): Promise<Crowd> {
  const rows = await ctx.db
    .selectFrom('people.contactMethods')
    .select('userId')
    .distinct()
    .where('verifiedAt', 'is not', null)
    .execute();
  return {
    users: await peopleById(ctx),
    proven: new Set(rows.map((row) => row.userId)),
  };
}

/** A person as a reference; those who are gone have a name too. */
export const refOf = ({ users }: Crowd, id: string) => ({
  id,
  name: users.get(id)?.name ?? 'somebody who has left',
});

export const activeIn =
  ({ users }: Crowd) =>
  (id: string) =>
    users.get(id)?.active === true;
