/** The map as it crosses the wire: nodes and edges, what follows from them, stores, the register of third parties, imports. Part of `catalog.ts`. */
import { z } from 'zod';
import { fallbackKind, fallbackState, nodeKind, redundancy, strength, tier } from './catalog-words.ts';
import { endpoint, instant, personRef } from './core.ts';

const params = z.strictObject({ id: z.string().min(1).max(100) });
const saved = z.object({ id: z.string() });
const text = (most: number) => z.string().trim().max(most);
const address = z
  .url({ protocol: /^https?$/ })
  .max(500)
  .nullable();

export const dependency = z.object({ from: z.string(), to: z.string(), strength });

export const fallback = z.object({
  id: z.string(),
  kind: fallbackKind,
  /** What is done, in words or as an address. */
  how: z.string(),
  /** Whom it helps; null = everything that needs the node. */
  for: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** What takes over, when that is on the map too. */
  to: z.object({ id: z.string(), name: z.string() }).nullable(),
  testedAt: instant.nullable(),
});
export type Fallback = z.infer<typeof fallback>;

export const store = z.object({
  engine: z.string(),
  region: z.string(),
  replicas: z.number().int().nullable(),
  rebuildable: z.boolean(),
  backup: z.string(),
});

export const thirdParty = z.object({
  id: z.string(),
  slug: z.string(),
  name: z.string(),
  tier,
  legalName: z.string(),
  provides: z.string(),
  dataCategories: z.array(z.string()),
  regions: z.array(z.string()),
  contacts: z.string(),
  statusUrl: z.string().nullable(),
  exitPlan: z.string(),
  contractEnd: z.string().nullable(),
  owner: personRef.nullable(),
  reviewEveryDays: z.number().int(),
  reviewedAt: instant.nullable(),
  reviewNote: z.string(),
  /** Null when there never was a review: then it is overdue. */
  reviewDueAt: instant.nullable(),
  overdue: z.boolean(),
  contingency: z.array(fallback),
});
export type ThirdParty = z.infer<typeof thirdParty>;

export const imported = z.object({
  source: z.string(),
  ref: z.string(),
  at: instant,
  /** Fields that were changed by hand since; an import leaves them alone. */
  byHand: z.array(z.string()),
});

const point = z.object({ id: z.string(), journeys: z.array(z.string()), fallback: fallbackState });

export const serviceMap = z.object({
  services: z.array(
    z.object({
      id: z.string(),
      slug: z.string(),
      name: z.string(),
      kind: nodeKind,
      tier,
      redundancy,
      teamName: z.string().nullable(),
    }),
  ),
  dependencies: z.array(dependency),
  fallbacks: z.array(
    z.object({ of: z.string(), for: z.string().nullable(), to: z.string().nullable(), tested: z.boolean() }),
  ),
  /** What to protect first, with the three numbers of the order: tier, tier-1 journeys through it, absence of a fallback. */
  protectFirst: z.array(
    z.object({
      id: z.string(),
      place: z.number().int(),
      tier,
      tier1Journeys: z.array(z.string()),
      fallback: fallbackState,
    }),
  ),
  /** Of which there is one, and without which these journeys break. */
  singlePoints: z.array(point),
  /** Would be single points if there is one only; nobody has said. */
  unknownPoints: z.array(point),
  /** Third parties whose review is overdue. */
  overdueReviews: z.array(z.string()),
});
export type ServiceMap = z.infer<typeof serviceMap>;

const catalogFiles = z
  .array(z.strictObject({ name: z.string().max(300), text: z.string().max(800_000) }))
  .min(1)
  .max(500);
export const importFormat = z.enum(['backstage', 'kubernetes', 'opentelemetry']);
export type ImportFormat = z.infer<typeof importFormat>;
const importBody = z.strictObject({
  /** What these files are, for telling them from others: a repository, a folder. */
  source: z.string().trim().min(1).max(200).default('backstage'),
  /** Backstage entities, Kubernetes manifests, or service graph metrics of OpenTelemetry (exposition text, or a query's answer). */
  format: importFormat.default('backstage'),
  files: catalogFiles,
});
const field = z.object({ field: z.string(), from: z.string(), to: z.string() });
const place = { ref: z.string(), name: z.string(), kind: nodeKind };

export const importReport = z.object({
  source: z.string(),
  applied: z.boolean(),
  add: z.array(z.object({ ...place, fields: z.array(field) })),
  change: z.array(z.object({ ...place, fields: z.array(field) })),
  /** Changed by hand and therefore left alone: the file says `to`. */
  kept: z.array(z.object({ ...place, fields: z.array(field) })),
  same: z.number().int(),
  /** Imported from here before, and no longer in the files. Left alone. */
  gone: z.array(z.object(place)),
  /** References that lead nowhere. */
  dangling: z.array(z.object({ file: z.string(), from: z.string(), ref: z.string(), role: z.string() })),
  /** What could not be read, and what was left out. */
  problems: z.array(z.object({ file: z.string(), message: z.string() })),
});
export type ImportReport = z.infer<typeof importReport>;

export const mapEndpoints = {
  serviceMap: endpoint({
    id: 'catalog.serviceMap',
    method: 'GET',
    path: '/api/v1/service-map',
    summary: 'The map: nodes, dependencies, fallbacks, what to protect first, single points of failure',
    access: 'read',
    response: serviceMap,
  }),
  thirdParties: endpoint({
    id: 'catalog.thirdParties',
    method: 'GET',
    path: '/api/v1/third-parties',
    summary: 'The register of third parties: contingency, owner, and whether the review is overdue',
    access: 'read',
    response: z.object({ items: z.array(thirdParty) }),
  }),
  setThirdParty: endpoint({
    id: 'catalog.setThirdParty',
    method: 'PUT',
    path: '/api/v1/services/:id/third-party',
    summary: 'Write a third party’s entry in the register',
    access: 'catalog.setThirdParty',
    params,
    body: z.strictObject({
      legalName: text(200).default(''),
      provides: text(2000).default(''),
      dataCategories: z.array(text(100).min(1)).max(50).default([]),
      regions: z.array(text(100).min(1)).max(50).default([]),
      contacts: text(2000).default(''),
      statusUrl: address.default(null),
      exitPlan: text(4000).default(''),
      contractEnd: z.iso.date().nullable().default(null),
      ownerId: z.string().max(100).nullable().default(null),
      reviewEveryDays: z.number().int().min(1).max(3650).default(365),
    }),
    response: thirdParty,
  }),
  reviewThirdParty: endpoint({
    id: 'catalog.reviewThirdParty',
    method: 'POST',
    path: '/api/v1/services/:id/reviews',
    summary: 'Record that a third party was reviewed now',
    access: 'catalog.reviewThirdParty',
    params,
    body: z.strictObject({ note: text(4000).default('') }),
    response: thirdParty,
  }),
  setStore: endpoint({
    id: 'catalog.setStore',
    method: 'PUT',
    path: '/api/v1/services/:id/store',
    summary: 'Say what is known of a data store',
    access: 'catalog.setStore',
    params,
    body: z.strictObject({
      engine: text(200).default(''),
      region: text(200).default(''),
      replicas: z.number().int().min(0).max(1000).nullable().default(null),
      rebuildable: z.boolean().default(false),
      backup: text(2000).default(''),
    }),
    response: saved,
  }),
  setFallbacks: endpoint({
    id: 'catalog.setFallbacks',
    method: 'PUT',
    path: '/api/v1/services/:id/fallbacks',
    summary: 'Say what is done when this node is gone; the whole list',
    access: 'catalog.setFallbacks',
    params,
    body: z.strictObject({
      fallbacks: z
        .array(
          z.strictObject({
            kind: fallbackKind,
            how: text(4000).min(1),
            forId: z.string().max(100).nullable().default(null),
            toId: z.string().max(100).nullable().default(null),
            testedAt: instant.nullable().default(null),
          }),
        )
        .max(50),
    }),
    response: saved,
  }),
  previewImport: endpoint({
    id: 'catalog.previewImport',
    method: 'POST',
    path: '/api/v1/catalog-imports/preview',
    summary:
      'Read Backstage files, Kubernetes manifests or service graph metrics and say what an import would change. Changes nothing',
    access: 'catalog.importCatalog',
    body: importBody,
    response: importReport,
  }),
  importCatalog: endpoint({
    id: 'catalog.importCatalog',
    method: 'POST',
    path: '/api/v1/catalog-imports',
    summary: 'Import Backstage files, Kubernetes manifests or service graph metrics; what was changed by hand stays',
    access: 'catalog.importCatalog',
    body: importBody,
    response: importReport,
  }),
};
