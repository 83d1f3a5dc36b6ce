/** Throws away what the ground keeps only for a while: answered idempotency keys, old events of the live stream, dead workers' traces. */
import { sql } from 'kysely';
import { z } from 'zod';
import { defineJob } from './jobs.ts';
import { steadyNow } from './steady.ts';

/** The live stream needs minutes; the rest is for looking back while finding a fault. */
const EVENTS_KEPT = '30 days';

export const sweep = defineJob(
  'kernel.sweep',
  z.object({}),
  async (ctx) => {
    await sql`delete from kernel.idempotency where created_at < kernel.now() - interval '24 hours'`.execute(ctx.db);
    await sql`delete from kernel.events where at < kernel.now() - ${EVENTS_KEPT}::interval`.execute(ctx.db);
    await sql`delete from kernel.workers where seen_steady < ${steadyNow() - 86_400_000}::double precision`.execute(
      ctx.db,
    );
  },
  { every: 3_600_000 },
);
