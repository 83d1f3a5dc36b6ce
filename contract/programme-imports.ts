/** Moving from another pager, as it crosses the wire: reading it, the plan of what would change, carrying it over. */
import { z } from 'zod';
import { endpoint, instant, personRef } from './core.ts';

export const importVendor = z.enum(['pagerduty', 'opsgenie', 'oncall', 'goalert', 'statuspage']);
export type ImportVendor = z.infer<typeof importVendor>;
export const importKind = z.enum([
  'user',
  'team',
  'schedule',
  'override',
  'policy',
  'service',
  'integration',
  'heartbeat',
  'component',
]);
export type ImportKind = z.infer<typeof importKind>;

/** What one cannot take along, or takes along with a difference, and what to do about it. */
const importNote = z.object({ text: z.string(), todo: z.string() });

/**
 * `create` and `change` would be done. `same`: nothing to do. `kept`: edited here since, and unchanged there. `conflict`:
 * both sides differ, left as it is unless chosen. `refused`: cannot be carried. `gone`: carried once, no longer there.
 */
export const importState = z.enum(['create', 'change', 'same', 'kept', 'conflict', 'refused', 'gone']);
export type ImportState = z.infer<typeof importState>;

export const importRow = z.object({
  /** `schedule:PI7DH85`; names the row when choosing what to overwrite. */
  key: z.string(),
  kind: importKind,
  name: z.string(),
  state: importState,
  /** What it is, in a few words: `Europe/Berlin, 2 layers`. */
  about: z.string(),
  ownId: z.string().nullable(),
  /** A conflict that may be decided for the source. */
  choosable: z.boolean(),
  /** Why it is a conflict or refused. */
  why: z.string().nullable(),
  changes: z.array(z.object({ field: z.string(), from: z.string(), to: z.string() })),
  notes: z.array(importNote),
  /** For schedules: whether it gives the same people on call as the vendor itself says. */
  check: z
    .object({ agrees: z.boolean(), from: instant, to: instant, text: z.string(), differences: z.array(z.string()) })
    .nullable(),
});
export type ImportRow = z.infer<typeof importRow>;

export const importPlan = z.object({
  counts: z.record(importState, z.number()),
  rows: z.array(importRow),
  /** Things that have no row of their own: what the vendor has and we do not, what the key may not read. */
  notes: z.array(importNote),
});
export type ImportPlan = z.infer<typeof importPlan>;

const importSummary = z.object({
  id: z.string(),
  vendor: importVendor,
  vendorTitle: z.string(),
  /** `waiting` for files; `stopped`: the node that was reading has ended, start again. */
  state: z.enum(['waiting', 'reading', 'stopped', 'ready', 'applying', 'done', 'failed']),
  source: z.string(),
  progress: z.object({ stage: z.string(), done: z.number(), total: z.number().nullable() }),
  problem: z.string().nullable(),
  createdBy: personRef,
  createdAt: instant,
  readAt: instant.nullable(),
  finishedAt: instant.nullable(),
  outcome: z
    .object({
      created: z.number(),
      changed: z.number(),
      failures: z.array(z.object({ key: z.string(), name: z.string(), text: z.string() })),
      byHand: z.array(importNote.extend({ name: z.string() })),
      /** How many were mailed their invitation. */
      invited: z.number(),
    })
    .nullable(),
});
export type ImportSummary = z.infer<typeof importSummary>;
export const importView = importSummary.extend({
  /** What would change, seen from now; null until it is read. */
  plan: importPlan.nullable(),
});
export type ImportView = z.infer<typeof importView>;

const byId = z.strictObject({ id: z.string().max(60) });

export const importEndpoints = {
  importVendors: endpoint({
    id: 'programme.importVendors',
    method: 'GET',
    path: '/api/v1/import-vendors',
    summary: 'Pagers one can move from, and what each needs',
    access: 'programme.startImport',
    response: z.object({
      items: z.array(
        z.object({
          vendor: importVendor,
          title: z.string(),
          /** The usual address; null: it has to be given. */
          base: z.string().nullable(),
          bases: z.array(z.object({ label: z.string(), url: z.string() })),
          keyHelp: z.string(),
          fileHelp: z.string(),
        }),
      ),
    }),
  }),
  imports: endpoint({
    id: 'programme.imports',
    method: 'GET',
    path: '/api/v1/imports',
    summary: 'The last 20 imports',
    access: 'programme.startImport',
    response: z.object({ items: z.array(importSummary) }),
  }),
  import: endpoint({
    id: 'programme.import',
    method: 'GET',
    path: '/api/v1/imports/:id',
    summary: 'One import with its plan: a dry run against how things stand here now',
    access: 'programme.startImport',
    params: byId,
    response: importView,
  }),
  startImport: endpoint({
    id: 'programme.startImport',
    method: 'POST',
    path: '/api/v1/imports',
    summary:
      'Read another pager with its key (used once, never stored), or say that files follow. Changes nothing here',
    access: 'programme.startImport',
    body: z.strictObject({
      vendor: importVendor,
      /** Its address; the vendor's usual one when absent. */
      baseUrl: z.string().trim().max(300).optional(),
      /** API key or token. None: files follow. */
      key: z.string().trim().min(1).max(2000).optional(),
    }),
    response: importSummary,
    status: 202,
  }),
  addImportFile: endpoint({
    id: 'programme.addImportFile',
    method: 'POST',
    path: '/api/v1/imports/:id/files',
    summary: 'Send an export file in pieces of at most 700,000 characters; with `last` all files are read',
    access: 'programme.startImport',
    params: byId,
    body: z.strictObject({
      name: z.string().min(1).max(200),
      /** 0, 1, 2 … in order. */
      part: z.number().int().min(0).max(500),
      text: z.string().max(700_000),
      last: z.boolean().default(false),
    }),
    response: importSummary,
  }),
  applyImport: endpoint({
    id: 'programme.applyImport',
    method: 'POST',
    path: '/api/v1/imports/:id/apply',
    summary: 'Carry it over. May be stopped at any time and goes on where it was; again is no change',
    access: 'programme.applyImport',
    params: byId,
    body: z.strictObject({
      /** Keys of rows in conflict for which the source shall win. */
      overwrite: z.array(z.string().max(300)).max(2000).default([]),
      /** Mail every new person the link to join. Otherwise make links one by one under Settings. */
      sendInvitations: z.boolean().default(false),
    }),
    response: importSummary,
    status: 202,
  }),
  forgetImport: endpoint({
    id: 'programme.forgetImport',
    method: 'DELETE',
    path: '/api/v1/imports/:id',
    summary: 'Forget what was read. What was carried over stays',
    access: 'programme.startImport',
    params: byId,
    response: z.object({}),
  }),
};
