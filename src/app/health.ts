/** `/healthz` (the process runs), `/readyz` (it can serve), `/metrics` (Prometheus). */
import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { House } from '#kernel';

/** Adds the three. Metrics carry no names of people, services or incidents, so they need no sign-in. */
export function addHealth(app: FastifyInstance, house: House): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const took = new Histogram({
    name: 'evenkeel_http_request_seconds',
    help: 'Time to answer a request, by route and status class.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  });
  new Gauge({
    name: 'evenkeel_jobs_waiting',
    help: 'Jobs that are due and not yet done.',
    registers: [registry],
    async collect() {
      const { rows } = await sql<{
        n: number;
      }>`select count(*)::int as n from graphile_worker._private_jobs where run_at <= clock_timestamp() and attempts < max_attempts`.execute(
        house.db,
      );
      this.set(rows[0]?.n ?? 0);
    },
  });
  app.addHook('onResponse', async (request, reply) => {
    took.observe(
      {
        method: request.method,
        route: request.routeOptions.url ?? 'none',
        status: `${Math.floor(reply.statusCode / 100)}xx`,
      },
      reply.elapsedTime / 1000,
    );
  });
  app.get('/healthz', async (_request, reply) => reply.send({ ok: true }));
  app.get('/readyz', async (_request, reply) => {
    try {
      await sql`select 1`.execute(house.db);
      return await reply.send({ ok: true, database: 'reachable' });
    } catch {
      return reply.code(503).send({ ok: false, database: 'unreachable' });
    }
  });
  app.get('/metrics', async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()));
}
