/** Abilities of services: observe, isolate, recover. A tier-1 service that lacks one is a gap (M11c). */
import { type Ctx, newId, type StampedAt } from '#kernel';

export const ABILITIES = ['observe', 'isolate', 'recover'] as const;
export type AbilityKind = (typeof ABILITIES)[number];

interface AbilitiesTable {
  id: string;
  serviceId: string;
  kind: AbilityKind;
  name: string;
  url: string | null;
  position: number;
  createdAt: StampedAt;
}
declare module '#kernel' {
  interface Database {
    'catalog.abilities': AbilitiesTable;
  }
}

export interface AbilityFields {
  kind: AbilityKind;
  name: string;
  url: string | null;
}

type Reader = Pick<Ctx, 'db'>;

/** What is registered for a service, in the order of the list. */
export const abilitiesOf = (ctx: Reader, serviceId: string): Promise<AbilityFields[]> =>
  ctx.db
    .selectFrom('catalog.abilities')
    .select(['kind', 'name', 'url'])
    .where('serviceId', '=', serviceId)
    .orderBy('position')
    .execute();

/** Replaces the list; returns what was there. */
export async function saveAbilities(ctx: Ctx, serviceId: string, list: AbilityFields[]): Promise<AbilityFields[]> {
  const before = await abilitiesOf(ctx, serviceId);
  await ctx.db.deleteFrom('catalog.abilities').where('serviceId', '=', serviceId).execute();
  if (list.length > 0)
    await ctx.db
      .insertInto('catalog.abilities')
      .values(list.map((one, position) => ({ ...one, id: newId('abl'), serviceId, position, createdAt: ctx.now })))
      .execute();
  return before;
}

/** Which of the three a service lacks. */
export const lacking = (has: readonly { kind: AbilityKind }[]): AbilityKind[] =>
  ABILITIES.filter((kind) => !has.some((one) => one.kind === kind));

export interface AbilityGap {
  service: { id: string; slug: string; name: string };
  lacks: AbilityKind[];
}

/** Tier-1 services that cannot be observed, isolated or recovered by anything that is registered. */
export async function abilityGaps(ctx: Reader): Promise<AbilityGap[]> {
  const services = await ctx.db
    .selectFrom('catalog.services')
    .select(['id', 'slug', 'name'])
    .where('tier', '=', 1)
    .where('kind', 'in', ['service', 'store'])
    .orderBy('name')
    .execute();
  const all = await ctx.db
    .selectFrom('catalog.abilities')
    .select(['serviceId', 'kind'])
    .where('serviceId', 'in', ['', ...services.map(({ id }) => id)])
    .execute();
  return services
    .map((service) => ({ service, lacks: lacking(all.filter(({ serviceId }) => serviceId === service.id)) }))
    .filter(({ lacks }) => lacks.length > 0);
}
