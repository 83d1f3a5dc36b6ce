/** The door of probes: they call us, we never call them. What they saw comes in, what they are to look at goes out. */
import { addMs, type House, Problem, type RawRequest, rawRoute, sha256hex, sql } from '#kernel';
import { z } from 'zod';
import { turnMonitor } from '../commands/turnMonitor.ts';
import { watchedOf } from '../engine/node.ts';
import type { Monitor } from '../model.ts';
import { hearProbe } from './commands/hearProbe.ts';
import { isSilent } from './model.ts';
import { type Probe, probeByToken } from './store.ts';
import { tellProbe } from './commands/tellProbe.ts';

/** A probe calls this often. */
export const POLL_MS = 5000;
/** What a probe saw while it could not reach us is taken up to this age; older is history. */
const OLDEST_MS = 3_600_000;

const facts = z.record(z.string().max(60), z.union([z.string().max(500), z.number()]));
export const pollBody = z.object({
  version: z.string().max(60).default(''),
  /** Kinds it cannot look with, and why. */
  lacks: z.record(z.string().max(40), z.string().max(500)).default({}),
  /** Of the assignments it has. */
  revision: z.string().max(100).default(''),
  batch: z.string().max(60).default(''),
  results: z
    .array(
      z.object({
        monitorId: z.string().max(60),
        /** How long ago, by its own monotonic clock: its wall clock may be anything. */
        agoMs: z.number().min(0),
        ok: z.boolean().nullable(),
        ms: z.number().min(0).max(600_000),
        reason: z.string().max(2000).default(''),
        facts: facts.default({}),
        extra: z.boolean().optional(),
      }),
    )
    .max(2000)
    .default([]),
});
export type PollBody = z.input<typeof pollBody>;

/** Who calls. One sentence for no token, an unknown and a revoked one. */
async function probeOf(request: RawRequest, house: House): Promise<Probe> {
  const token = /^Bearer (ekp_[\w-]{1,100})$/.exec(request.headers.authorization ?? '')?.[1];
  const probe = token && (await probeByToken({ db: house.db }, token));
  if (!probe)
    throw new Problem(401, 'This is not the token of a probe', {
      rule: 'signals.probe_token',
      detail: 'It may have been renewed or its probe removed. Console: Monitors, Places.',
    });
  return probe;
}

function bodyOf(request: RawRequest): z.output<typeof pollBody> {
  let given: unknown;
  try {
    given = JSON.parse(request.rawBody.toString('utf8'));
  } catch {
    throw new Problem(400, 'The body is not valid JSON', { rule: 'http.json' });
  }
  const read = pollBody.safeParse(given);
  if (read.success) return read.data;
  throw new Problem(400, 'The body is not understood', {
    rule: 'http.fields',
    errors: read.error.issues.slice(0, 20).map((issue) => ({ path: issue.path.join('.'), message: issue.message })),
  });
}

async function assignments(house: House, probe: Probe) {
  const rows = (await house.db
    .selectFrom('signals.monitors as m')
    .leftJoin('signals.monitorPlaces as p', (join) =>
      join.onRef('p.monitorId', '=', 'm.id').on('p.place', '=', probe.id),
    )
    .selectAll('m')
    .select((eb) => eb('p.lastAt', 'is', null).as('fresh'))
    .where('m.enabled', '=', true)
    .where(sql<boolean>`m.places ? ${probe.id}`)
    .orderBy('m.id')
    .execute()) as (Monitor & { fresh: boolean })[];
  return { revision: sha256hex(rows.map((row) => `${row.id} ${row.version}`).join('\n')).slice(0, 20), rows };
}

export const pollRoute = rawRoute({
  method: 'POST',
  path: '/api/v1/probe/poll',
  bodyLimit: 2 * 1024 * 1024,
  types: ['application/json'],
  handle: async (request, reply, house) => {
    const probe = await probeOf(request, house);
    const body = bodyOf(request);
    const ctx = await house.ctx(house.system('signals.probe'), { requestId: request.id, ip: request.ip });
    const { turned } = await hearProbe(ctx, {
      id: probe.id,
      version: body.version,
      lacks: body.lacks,
      batch: body.batch,
      results: body.results
        .filter((result) => result.agoMs <= OLDEST_MS)
        .map(({ agoMs, ...result }) => ({ ...result, at: addMs(ctx.now, -agoMs) })),
    });
    for (const id of turned) await turnMonitor(ctx, { id });
    if (probe.alerting && isSilent(probe, ctx.now)) await tellProbe(ctx, { id: probe.id });
    const { revision, rows } = await assignments(house, probe);
    return reply
      .type('application/json; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(
        JSON.stringify({
          revision,
          pollMs: POLL_MS,
          monitors: revision === body.revision ? null : rows.map(watchedOf),
        }),
      );
  },
});
