/** What crosses the wire for the catalogue: services, what they depend on, and what changed. */
import { z } from 'zod';
import { fallback, imported, mapEndpoints, store, thirdParty } from './catalog-map.ts';
import { nodeKind, redundancy, strength, tier } from './catalog-words.ts';
import { endpoint, instant, pageOf, pageQuery } from './core.ts';

export * from './catalog-map.ts';
export * from './catalog-words.ts';

export const changeKind = z.enum(['deploy', 'config', 'flag', 'migration', 'infra', 'data', 'vendor']);

const slug = z
  .string()
  .min(1)
  .max(80)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'lower-case letters, digits and single hyphens');
const name = z.string().trim().min(1).max(120);
const description = z.string().max(4000);
const reference = z.object({ id: z.string(), name: z.string() });

export const service = z.object({
  id: z.string(),
  slug: z.string(),
  name: z.string(),
  kind: nodeKind,
  tier,
  redundancy,
  description: z.string(),
  teamId: z.string().nullable(),
  policyId: z.string().nullable(),
  team: reference.nullable(),
  policy: reference.nullable(),
  version: z.number().int(),
  createdAt: instant,
  updatedAt: instant,
});
export type Service = z.infer<typeof service>;

/** The other end of a dependency, as shown on a service's page. */
export const neighbour = z.object({
  id: z.string(),
  slug: z.string(),
  name: z.string(),
  kind: nodeKind,
  tier,
  strength,
});

/** How a service is observed, isolated or recovered when it fails. */
export const abilityKind = z.enum(['observe', 'isolate', 'recover']);
export const ability = z.object({
  kind: abilityKind,
  /** What it is, in words: "switch checkout to read-only". */
  name: z.string(),
  /** Where it is: a dashboard, a runbook. */
  url: z.string().nullable(),
});
export type Ability = z.infer<typeof ability>;

export const serviceDetail = service.extend({
  abilities: z.array(ability),
  /** Of a tier-1 service: which of the three are not registered. */
  lacks: z.array(abilityKind),
  /** What this service needs. */
  dependsOn: z.array(neighbour),
  /** What needs this service. */
  dependants: z.array(neighbour),
  /** What is done when it is gone. */
  fallbacks: z.array(fallback),
  /** Of a store. */
  store: store.nullable(),
  /** Of a third party: its entry in the register. */
  thirdParty: thirdParty.nullable(),
  /** Where it was imported from, and what was changed by hand since. */
  imported: imported.nullable(),
});
export type ServiceDetail = z.infer<typeof serviceDetail>;

export const change = z.object({
  id: z.string(),
  serviceId: z.string().nullable(),
  serviceName: z.string().nullable(),
  kind: changeKind,
  summary: z.string(),
  source: z.string(),
  url: z.string().nullable(),
  at: instant,
  recordedAt: instant,
});
export type Change = z.infer<typeof change>;

const serviceRef = z.object({ id: z.string(), slug: z.string(), name: z.string() });
const serviceParams = z.strictObject({ id: z.string().min(1).max(100) });

export const endpoints = {
  listServices: endpoint({
    id: 'catalog.listServices',
    method: 'GET',
    path: '/api/v1/services',
    summary: 'Services, by name or tier',
    access: 'read',
    query: z.strictObject({
      ...pageQuery,
      text: z.string().max(200).optional(),
      tier: z.coerce.number().int().min(1).max(3).optional(),
      /** Services and stores when absent. */
      kind: z.enum([...nodeKind.options, 'all']).optional(),
      teamId: z.string().max(100).optional(),
      sort: z.enum(['name', 'tier']).default('name'),
    }),
    response: pageOf(service),
  }),
  getService: endpoint({
    id: 'catalog.getService',
    method: 'GET',
    path: '/api/v1/services/:id',
    summary: 'One service by id or slug, with its direct neighbours. Answers an ETag',
    access: 'read',
    params: serviceParams,
    response: serviceDetail,
  }),
  createService: endpoint({
    id: 'catalog.createService',
    method: 'POST',
    path: '/api/v1/services',
    summary: 'Add a service',
    access: 'catalog.createService',
    body: z.strictObject({
      name,
      slug: slug.optional(),
      kind: nodeKind.default('service'),
      tier: tier.default(2),
      redundancy: redundancy.default('unknown'),
      description: description.default(''),
      teamId: z.string().max(100).nullable().default(null),
      policyId: z.string().max(100).nullable().default(null),
    }),
    response: serviceDetail,
    status: 201,
  }),
  updateService: endpoint({
    id: 'catalog.updateService',
    method: 'PATCH',
    path: '/api/v1/services/:id',
    summary: 'Change a service. With If-Match, refused with 412 when somebody else changed it first',
    access: 'catalog.updateService',
    params: serviceParams,
    body: z.strictObject({
      name: name.optional(),
      slug: slug.optional(),
      kind: nodeKind.optional(),
      tier: tier.optional(),
      redundancy: redundancy.optional(),
      description: description.optional(),
      teamId: z.string().max(100).nullable().optional(),
      policyId: z.string().max(100).nullable().optional(),
    }),
    response: serviceDetail,
  }),
  removeService: endpoint({
    id: 'catalog.removeService',
    method: 'DELETE',
    path: '/api/v1/services/:id',
    summary: 'Remove a service that nothing refers to',
    access: 'catalog.removeService',
    params: serviceParams,
    response: z.object({ id: z.string() }),
  }),
  setDependencies: endpoint({
    id: 'catalog.setDependencies',
    method: 'PUT',
    path: '/api/v1/services/:id/dependencies',
    summary: 'Replace what a service depends on',
    access: 'catalog.setDependencies',
    params: serviceParams,
    body: z.strictObject({
      dependsOn: z
        .array(z.strictObject({ serviceId: z.string().max(100), strength: strength.default('hard') }))
        .max(200),
    }),
    response: serviceDetail,
  }),
  setAbilities: endpoint({
    id: 'catalog.setAbilities',
    method: 'PUT',
    path: '/api/v1/services/:id/abilities',
    summary: 'Say how a service is observed, isolated and recovered; the whole list',
    access: 'catalog.setAbilities',
    params: serviceParams,
    body: z.strictObject({
      abilities: z
        .array(
          z.strictObject({
            kind: abilityKind,
            name: z.string().trim().min(1).max(200),
            url: z
              .url({ protocol: /^https?$/ })
              .max(500)
              .nullable()
              .default(null),
          }),
        )
        .max(60),
    }),
    response: serviceDetail,
  }),
  abilityGaps: endpoint({
    id: 'catalog.abilityGaps',
    method: 'GET',
    path: '/api/v1/ability-gaps',
    summary: 'Tier-1 services that nothing registered can observe, isolate or recover',
    access: 'read',
    response: z.object({ items: z.array(z.object({ service: serviceRef, lacks: z.array(abilityKind) })) }),
  }),
  ...mapEndpoints,
  listChanges: endpoint({
    id: 'catalog.listChanges',
    method: 'GET',
    path: '/api/v1/changes',
    summary: 'Deploys, flags, configuration and other changes, newest first',
    access: 'read',
    query: z.strictObject({
      ...pageQuery,
      serviceId: z.string().max(100).optional(),
      since: instant.optional(),
      until: instant.optional(),
    }),
    response: pageOf(change),
  }),
  recordChange: endpoint({
    id: 'catalog.recordChange',
    method: 'POST',
    path: '/api/v1/changes',
    summary: 'Record a change, for example from a deploy pipeline. Never pages',
    access: 'catalog.recordChange',
    body: z.strictObject({
      summary: z.string().trim().min(1).max(1024),
      kind: changeKind.default('deploy'),
      /** Id or slug of the service that changed. */
      service: z.string().max(100).optional(),
      source: z.string().max(200).optional(),
      url: z
        .url({ protocol: /^https?$/ })
        .max(2048)
        .optional(),
      at: instant.optional(),
    }),
    response: change,
    status: 201,
  }),
};
