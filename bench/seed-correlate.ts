/** A map of 2,000 nodes and 50,000 open alerts in a running installation, written as rows: by hand it would be a day. */
import { config, newId } from '#kernel';
import type pg from 'pg';
import { openGround } from '../src/app/serve.ts';
import { createIntegration } from '../src/signals/commands/createIntegration.ts';

export const NODES = 2_000;
/** Services of the common upstream `bench-upstream`. */
export const SIX = ['orders', 'billing', 'search', 'auth', 'shipping', 'invoices'].map((name) => `bench-${name}`);

export async function integrationKey(dataDir: string): Promise<{ id: string; key: string }> {
  Object.assign(config, { dataDir, egressAllow: ['127.0.0.1:*'], logLevel: 'warn' });
  const ground = await openGround({ attach: true, migrate: false });
  try {
    const ctx = await ground.house.ctx(ground.house.system('bench.seed'));
    const { integration, key } = await createIntegration(ctx, { kind: 'pagerduty', name: 'Bench' });
    return { id: integration.id, key };
  } finally {
    await ground.close();
  }
}

/** Layers: 40 stores, 260 platform services, the rest services; each needs one to three of the layers below. Repeatable. */
export async function seedMap(db: pg.Client): Promise<{ ids: string[]; needs: Map<number, number[]> }> {
  let state = 7;
  const random = (below: number) => (state = (state * 48_271) % 2_147_483_647) % below;
  const ids = Array.from({ length: NODES }, () => newId('svc'));
  const needs = new Map<number, number[]>();
  for (let n = 40; n < NODES; n++) {
    const [from, size] = n < 300 ? [0, 40] : [0, 300];
    needs.set(n, [...new Set(Array.from({ length: 1 + random(3) }, () => from + random(size)))]);
  }
  await db.query(
    `insert into catalog.services (id, slug, name, kind, tier, description)
     select id, 'node-' || n, 'Node ' || n, case when n <= 40 then 'store' else 'service' end, 3, '' from unnest($1::text[]) with ordinality as t(id, n)`,
    [ids],
  );
  const edges = [...needs].flatMap(([from, list]) => list.map((to) => [ids[from], ids[to]]));
  await db.query(
    `insert into catalog.dependencies (from_id, to_id, strength) select f, t, 'hard' from unnest($1::text[], $2::text[]) as x(f, t)`,
    [edges.map(([from]) => from), edges.map(([, to]) => to)],
  );
  const own = ['bench-upstream', ...SIX].map((slug) => ({ id: newId('svc'), slug }));
  for (const { id, slug } of own)
    await db.query(
      `insert into catalog.services (id, slug, name, kind, tier, description) values ($1, $2, $2, $3, 3, '')`,
      [id, slug, slug === 'bench-upstream' ? 'store' : 'service'],
    );
  for (const { id } of own.slice(1))
    await db.query(`insert into catalog.dependencies (from_id, to_id, strength) values ($1, $2, 'hard')`, [
      id,
      own[0]!.id,
    ]);
  return { ids, needs };
}

/** `count` groups of five alerts each, open since between `from` and `to` minutes ago, on the nodes from `first` on, in turn. */
export async function seedAlerts(
  db: pg.Client,
  integrationId: string,
  ids: string[],
  { count, from, to }: { count: number; from: number; to: number },
): Promise<void> {
  const groups = Array.from({ length: count }, () => newId('grp'));
  await db.query(
    `insert into signals.groups (id, integration_id, group_key, windowed, service_id, title, severity, state, alert_count,
       firing_count, event_count, first_at, last_at, acknowledged_at, acknowledged_via)
     select id, $2, 'seed:' || id, true, ($3::text[])[1 + (n % cardinality($3::text[]))], 'Seeded ' || n, 'error', 'acknowledged', 5, 5, 5,
       t.at, t.at, t.at, 'bench'
     from unnest($1::text[]) with ordinality as g(id, n),
       lateral (select kernel.now() - make_interval(secs => 60 * ($4::float8 + (n * 7919 % 1000) / 1000.0 * ($5::float8 - $4::float8))) as at) t`,
    [groups, integrationId, ids, from, to],
  );
  await db.query(
    `insert into signals.alerts (id, integration_id, group_id, fingerprint, dedup_key, service_id, title, severity, state, description,
       source, labels, details, links, marks, count, flaps, first_at, last_at, last_signal_id, test, exercise)
     select 'alr_' || substr(md5(g.id || k), 1, 26), g.integration_id, g.id, md5(g.id || k), g.id || k, g.service_id, g.title, g.severity,
       'firing', '', 'seed', '{}', '{}', '[]', '[]', 1, 0, g.first_at, g.first_at, 'sig_seed', false, false
     from signals.groups g, generate_series(1, 5) k where g.id = any($1::text[])`,
    [groups],
  );
}
