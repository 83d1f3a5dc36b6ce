/** What crosses the wire about the record as a whole: who may read it, bundles that leave and come in, what was alike before. */
import { z } from 'zod';
import { endpoint, instant, pageOf, pageQuery, personRef } from './core.ts';

const byIncident = z.strictObject({ id: z.string() });

/** Who may read an incident. `people` is empty when everybody who is signed in may. */
export const access = z.object({ restricted: z.boolean(), people: z.array(personRef) });
export type Access = z.infer<typeof access>;

/** A past incident like this one, with reasons and with what ended it. */
export const lookalike = z.object({
  incident: z.object({
    id: z.string(),
    key: z.string(),
    title: z.string(),
    severity: z.number(),
    declaredAt: instant,
  }),
  /** 0 to 1, by what is known of both; from 0.55 a look-alike, from 0.75 a probable recurrence. */
  score: z.number(),
  grade: z.enum(['probable', 'look_alike', 'faint']),
  reasons: z.array(z.string()),
  ended: z.object({
    cause: z.string().nullable(),
    /** The last things done by hand or by a playbook; `seq` is the entry of its timeline. */
    actions: z.array(z.object({ seq: z.number(), text: z.string() })),
    restoredAfterSeconds: z.number().nullable(),
  }),
});
export type Lookalike = z.infer<typeof lookalike>;

/** A record that came in from elsewhere; nothing of it can be changed here. */
export const importedRecord = z.object({
  id: z.string(),
  /** The address of the installation it is from. */
  origin: z.string(),
  key: z.string(),
  title: z.string(),
  severity: z.number(),
  declaredAt: instant,
  exportedAt: instant,
  exportedBy: z.string(),
  entries: z.number(),
  keyId: z.string(),
  /** The signature was right in any case; true when the key is one of `incidents.trustedKeys`, or our own. */
  keyKnown: z.boolean(),
  importedByName: z.string(),
  importedAt: instant,
});
export type ImportedRecord = z.infer<typeof importedRecord>;
const byRecord = z.strictObject({ recordId: z.string() });

const byEntry = z.strictObject({ id: z.string(), seq: z.coerce.number().int().positive().max(2_000_000_000) });

/** The words of a restricted entry, and what proves that they are the ones of the record. */
export const restrictedWords = z.object({
  text: z.string(),
  refs: z.array(z.object({ kind: z.string(), id: z.string(), label: z.string().optional() })),
  /** SHA-256 over `{"refs", "salt", "text"}` as canonical JSON is the fingerprint, which the entry's hash covers. */
  salt: z.string(),
  fingerprint: z.string(),
  roles: z.array(z.string()),
  people: z.array(personRef),
});

export const recordEndpoints = {
  readRestricted: endpoint({
    id: 'incidents.readRestricted',
    method: 'POST',
    path: '/api/v1/incidents/:id/timeline/:seq/words',
    summary: 'Read the words of a restricted entry; written into the audit log each time',
    access: 'incidents.readRestricted',
    params: byEntry,
    response: restrictedWords,
  }),
  shareRestricted: endpoint({
    id: 'incidents.shareRestricted',
    method: 'POST',
    path: '/api/v1/incidents/:id/timeline/:seq/readers',
    summary: 'Name people who may read a restricted entry that you may read',
    access: 'incidents.shareRestricted',
    params: byEntry,
    body: z.strictObject({ people: z.array(z.string().max(60)).min(1).max(50) }),
    response: z.undefined(),
    status: 204,
  }),
  importedRecords: endpoint({
    id: 'incidents.importedRecords',
    method: 'GET',
    path: '/api/v1/imported-records',
    summary: 'Records that came in as bundles from elsewhere, newest first',
    access: 'read',
    query: z.strictObject(pageQuery),
    response: pageOf(importedRecord),
  }),
  importedRecord: endpoint({
    id: 'incidents.importedRecord',
    method: 'GET',
    path: '/api/v1/imported-records/:recordId',
    summary: 'One imported record as it came',
    access: 'read',
    params: byRecord,
    response: importedRecord.extend({ record: z.unknown() }),
  }),
  importedTimeline: endpoint({
    id: 'incidents.importedTimeline',
    method: 'GET',
    path: '/api/v1/imported-records/:recordId/timeline',
    summary: 'Its entries, oldest first, after a number',
    access: 'read',
    params: byRecord,
    query: z.strictObject({
      limit: z.coerce.number().int().min(1).max(200).default(100),
      after: z.coerce.number().int().min(0).default(0),
    }),
    response: z.object({ items: z.array(z.unknown()) }),
  }),
  verifyImported: endpoint({
    id: 'incidents.verifyImported',
    method: 'GET',
    path: '/api/v1/imported-records/:recordId/verification',
    summary: 'Compute every hash of an imported record again, as it lies here now',
    access: 'read',
    params: byRecord,
    response: z.object({
      ok: z.boolean(),
      entries: z.number(),
      brokenAt: z.number().nullable(),
      problem: z.string().nullable(),
    }),
  }),
  lookalikes: endpoint({
    id: 'incidents.lookalikes',
    method: 'GET',
    path: '/api/v1/incident-lookalikes',
    summary: 'Past incidents like the one about to be declared, with reasons and what ended them',
    access: 'read',
    query: z.strictObject({
      title: z.string().max(200).default(''),
      serviceId: z.string().max(60).optional(),
      groupId: z.string().max(60).optional(),
    }),
    response: z.object({ items: z.array(lookalike) }),
  }),
  lookalikesOf: endpoint({
    id: 'incidents.lookalikesOf',
    method: 'GET',
    path: '/api/v1/incidents/:id/lookalikes',
    summary: 'Past incidents like this one, with reasons and what ended them',
    access: 'read',
    params: byIncident,
    response: z.object({ items: z.array(lookalike) }),
  }),
  access: endpoint({
    id: 'incidents.access',
    method: 'GET',
    path: '/api/v1/incidents/:id/access',
    summary: 'Who may read this incident; for everybody else a restricted one does not exist',
    access: 'read',
    params: byIncident,
    response: access,
  }),
  bundle: endpoint({
    id: 'incidents.bundle',
    method: 'GET',
    path: '/api/v1/incidents/:id/bundle',
    summary: 'The whole incident as one signed tar: JSON, Markdown, files, manifest (evenkeel verify checks it)',
    access: 'read',
    params: byIncident,
    response: z.any(),
  }),
  setAccess: endpoint({
    id: 'incidents.setAccess',
    method: 'PUT',
    path: '/api/v1/incidents/:id/access',
    summary: 'Restrict the incident to a list of people, change the list, or open it again',
    access: 'incidents.setAccess',
    params: byIncident,
    body: z.strictObject({
      restricted: z.boolean(),
      /** Beside the caller and whoever holds a role in it. */
      people: z.array(z.string().max(60)).max(200).optional(),
      reason: z.string().trim().min(1).max(500),
    }),
    response: access,
  }),
};
