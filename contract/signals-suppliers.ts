/** What third parties report on their status pages. Part of `signals.ts`. */
import { z } from 'zod';
import { endpoint, instant, pageOf } from './core.ts';

const supplier = z.object({ id: z.string(), slug: z.string(), name: z.string() });

export const supplierReport = z.object({
  id: z.string(),
  supplier,
  title: z.string(),
  impact: z.enum(['maintenance', 'minor', 'major', 'critical']),
  /** Their word: investigating, identified, monitoring … */
  status: z.string(),
  /** Their newest words about it. */
  said: z.string(),
  components: z.array(z.string()),
  url: z.string().nullable(),
  startedAt: instant,
  /** Null while it goes on. */
  endedAt: instant.nullable(),
  /** When we first read of it. */
  seenAt: instant,
  /** Names from the service to the supplier that it needs; empty when no service was asked about. */
  path: z.array(z.string()),
});
export type SupplierReport = z.infer<typeof supplierReport>;

export const supplierStatus = z.object({
  supplier: supplier.extend({ tier: z.number().int() }),
  /** From the register; null when nobody has entered one. */
  statusUrl: z.string().nullable(),
  state: z.enum(['unknown', 'operational', 'maintenance', 'degraded', 'outage']),
  description: z.string(),
  /** Which form of page was found. */
  format: z.string().nullable(),
  checkedAt: instant.nullable(),
  /** Why it could not be read the last time. */
  problem: z.string().nullable(),
  reports: z.array(supplierReport),
});
export type SupplierStatus = z.infer<typeof supplierStatus>;

export const supplierEndpoints = {
  supplierStates: endpoint({
    id: 'signals.supplierStates',
    method: 'GET',
    path: '/api/v1/supplier-status',
    summary: 'Every third party with what its own status page says',
    access: 'read',
    response: pageOf(supplierStatus),
  }),
  listSupplierReports: endpoint({
    id: 'signals.listSupplierReports',
    method: 'GET',
    path: '/api/v1/supplier-reports',
    summary: 'What suppliers reported: beside one alert group, or about what these services need',
    access: 'read',
    query: z.strictObject({
      groupId: z.string().max(100).optional(),
      /** Ids with commas between them. */
      services: z.string().max(4000).optional(),
      /** With `services`: only what went on within this time. */
      from: instant.optional(),
      until: instant.optional(),
    }),
    response: pageOf(supplierReport),
  }),
  readSupplier: endpoint({
    id: 'signals.readSupplier',
    method: 'POST',
    path: '/api/v1/supplier-status/:id/read',
    summary: 'Read the status page of a third party now',
    access: 'signals.readSupplier',
    params: z.strictObject({ id: z.string().min(1).max(100) }),
    response: z.object({ id: z.string() }),
    status: 202,
  }),
};
