/** Copies of the public page elsewhere: a folder, a bucket, a Git remote. Part of `comms.ts`. */
import { z } from 'zod';
import { endpoint, id, instant, personRef } from './core.ts';

/** A path inside a bucket or a repository: no dots that lead out, no leading slash. */
const prefix = z
  .string()
  .trim()
  .max(200)
  .regex(/^(?:[\w-][\w.-]*(?:\/[\w-][\w.-]*)*)?$/, 'such as “site” or “public/status”');

export const copyPlace = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('folder'),
    /** Absolute path on this machine, such as what a web server serves; must exist. */
    dir: z.string().trim().min(2).max(500),
  }),
  z.strictObject({
    kind: z.literal('s3'),
    /** `https://s3.eu-central-1.amazonaws.com`, or any server that speaks the same. */
    endpoint: z.string().trim().max(300),
    bucket: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'the name of a bucket'),
    region: z
      .string()
      .regex(/^[a-z0-9-]{2,40}$/)
      .default('us-east-1'),
    prefix: prefix.default(''),
    accessKeyId: z.string().trim().min(3).max(200),
  }),
  z.strictObject({
    kind: z.literal('git'),
    /** `https://…`, `ssh://…`, `git@host:path` or `file:///…`. */
    remote: z.string().trim().min(5).max(400),
    branch: z
      .string()
      .regex(/^[A-Za-z0-9][\w./-]{0,80}$/)
      .default('main'),
    prefix: prefix.default(''),
  }),
]);
export type CopyPlace = z.infer<typeof copyPlace>;

export const copy = z.object({
  id: z.string(),
  name: z.string(),
  place: copyPlace,
  hasSecret: z.boolean(),
  url: z.string().nullable(),
  createdBy: personRef,
  createdAt: instant,
  /** `waiting`: nothing was pushed yet; `failing`: the last push did not work and is tried again. */
  state: z.enum(['waiting', 'current', 'failing', 'drifting']),
  pushedAt: instant.nullable(),
  pushedFiles: z.number().int().nullable(),
  failingSince: instant.nullable(),
  tries: z.number().int(),
  error: z.string().nullable(),
  /** What was found when it was read back: the same, something else, something old, or nothing. */
  read: z
    .object({ at: instant, state: z.enum(['same', 'other', 'old', 'unreadable']), detail: z.string().nullable() })
    .nullable(),
  driftingSince: instant.nullable(),
});
export type Copy = z.infer<typeof copy>;

const one = z.strictObject({ id: id('cpy') });

export const copyEndpoints = {
  listCopies: endpoint({
    id: 'comms.listCopies',
    method: 'GET',
    path: '/api/v1/status-page/copies',
    summary: 'Places the status page is pushed to, how the last push went, and what was read back',
    access: 'read',
    response: z.object({ items: z.array(copy) }),
  }),
  addCopy: endpoint({
    id: 'comms.addCopy',
    method: 'POST',
    path: '/api/v1/status-page/copies',
    summary: 'Push the status page to a folder, a bucket or a Git remote from now on',
    access: 'comms.addCopy',
    body: z.strictObject({
      name: z.string().trim().min(1).max(80),
      place: copyPlace,
      /** The bucket's secret key, or a token for an https remote. */
      secret: z.string().min(1).max(2000).optional(),
      /** Where people read it, such as `https://status.example.com`. */
      url: z.string().trim().max(300).nullable().default(null),
    }),
    response: copy,
    status: 201,
  }),
  pushCopy: endpoint({
    id: 'comms.pushCopy',
    method: 'POST',
    path: '/api/v1/status-page/copies/:id/push',
    summary: 'Write every file of a copy again, now',
    access: 'comms.pushCopy',
    params: one,
    response: copy,
    status: 202,
  }),
  removeCopy: endpoint({
    id: 'comms.removeCopy',
    method: 'DELETE',
    path: '/api/v1/status-page/copies/:id',
    summary: 'Stop pushing to a place; what stands there stays and shows its age',
    access: 'comms.removeCopy',
    params: one,
    response: z.undefined(),
    status: 204,
  }),
};
