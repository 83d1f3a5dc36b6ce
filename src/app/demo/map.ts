/** Draws Orchardline's map: stores, suppliers, journeys, what needs what, and what is done when a part is gone. */
import { createService, reviewThirdParty, setDependencies, setFallbacks, setStore, setThirdParty } from '#catalog';
import type { Service } from './company.ts';
import type { TeamSlug } from './data/people.ts';
import { dependencies, fallbacks, journeys, softDependencies, stores, suppliers } from './data/services.ts';
import type { Stage } from './stage.ts';

const DAY = 86_400_000;
type Owners = ReadonlyMap<TeamSlug, { teamId: string; policyId: string }>;

const ago = (stage: Stage, days: number) => new Date(stage.now.getTime() - days * DAY);

/** Adds the other kinds of nodes; answers the id of every node by its address. */
async function addNodes(stage: Stage, when: Date, made: ReadonlyMap<string, Service>, owners: Owners, admin: string) {
  const ids = new Map([...made].map(([slug, { id }]) => [slug, id]));
  for (const { team, ...fields } of journeys) {
    const node = { ...fields, kind: 'journey' as const, ...owners.get(team)! };
    ids.set(fields.slug, (await stage.at(when, admin, (ctx) => createService(ctx, node))).id);
  }
  for (const { slug, name, tier, team, provides } of suppliers) {
    const node = { slug, name, tier, kind: 'third_party' as const, description: provides, ...owners.get(team)! };
    ids.set(slug, (await stage.at(when, admin, (ctx) => createService(ctx, node))).id);
  }
  return ids;
}

async function fillRegister(stage: Stage, when: Date, admin: string): Promise<void> {
  for (const { slug: id, name, provides, data, owner, reviewedDaysAgo } of suppliers) {
    const entry = {
      id,
      legalName: `${name} (fictional)`,
      provides,
      dataCategories: [...data],
      regions: ['EU'],
      contacts: '',
      statusUrl: null,
      exitPlan: '',
      contractEnd: null,
      ownerId: owner === null ? null : stage.idOf(owner),
      reviewEveryDays: 365,
    };
    await stage.at(when, admin, (ctx) => setThirdParty(ctx, entry));
    if (reviewedDaysAgo !== null)
      await stage.at(ago(stage, reviewedDaysAgo), admin, (ctx) =>
        reviewThirdParty(ctx, { id, note: 'Contract, data and status history read.' }),
      );
  }
}

export async function drawMap(
  stage: Stage,
  when: Date,
  made: ReadonlyMap<string, Service>,
  owners: Owners,
  admin: string,
): Promise<void> {
  const ids = await addNodes(stage, when, made, owners, admin);
  const idOf = (slug: string): string => ids.get(slug)!;
  for (const from of new Set([...dependencies, ...softDependencies].map(([one]) => one))) {
    const of = (list: typeof dependencies, strength: 'hard' | 'soft') =>
      list.filter(([one]) => one === from).map(([, to]) => ({ serviceId: idOf(to), strength }));
    const dependsOn = [...of(dependencies, 'hard'), ...of(softDependencies, 'soft')];
    await stage.at(when, admin, (ctx) => setDependencies(ctx, { id: idOf(from), dependsOn }));
  }
  for (const [id, store] of Object.entries(stores))
    await stage.at(when, admin, (ctx) => setStore(ctx, { rebuildable: false, ...store, id }));
  await fillRegister(stage, when, admin);
  for (const { of, to, kind, how, testedDaysAgo } of fallbacks) {
    const testedAt = testedDaysAgo === undefined ? null : ago(stage, testedDaysAgo);
    const one = { kind, how, forId: null, toId: to ? idOf(to) : null, testedAt };
    await stage.at(testedAt ?? when, admin, (ctx) => setFallbacks(ctx, { id: of, fallbacks: [one] }));
  }
}
