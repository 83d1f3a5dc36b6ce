/** Kubernetes manifests and service graph metrics as nodes and edges of the map; imported, edited by hand, imported again. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WebClient } from '../../../test/harness/client.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';
import { createTeam } from '../../people/index.ts';
import { readAs } from './formats.ts';

const deployment = (
  name: string,
  more: { env?: string; meta?: string; replicas?: number; image?: string; kind?: string } = {},
) => `
apiVersion: apps/v1
kind: ${more.kind ?? 'Deployment'}
metadata:
  name: ${name}
  namespace: shop
${more.meta ?? ''}
spec:
  replicas: ${more.replicas ?? 2}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      containers:
        - name: main
          image: ${more.image ?? `registry.example/${name}:1`}
${more.env ?? ''}
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec: { selector: { app: ${name} }, ports: [{ port: 80 }] }
`;

const ENV = `          env:
            - { name: DATABASE_URL, value: "postgres://orders:secret@orders-db:5432/orders" }
            - { name: CACHE_HOST, value: cache }
            - { name: GREETING, value: "pricing is not a host here" }
            - { name: LEGACY, value: "http://gone.shop.svc.cluster.local/x" }
          envFrom:
            - configMapRef: { name: endpoints }
`;
const META = `  labels: { app.kubernetes.io/name: Orders, team: checkout }
  annotations: { evenkeel.io/tier: "1", evenkeel.io/soft: "pricing", evenkeel.io/depends-on: "nowhere" }
`;
const manifests = (more = '') => `${deployment('orders-api', { env: ENV, meta: META })}
---
${deployment('orders-db', { kind: 'StatefulSet', image: 'docker.io/library/postgres:17', replicas: 1 })}
---
${deployment('cache', { image: 'redis:8' })}
---
${deployment('pricing')}
---
apiVersion: v1
kind: ConfigMap
metadata: { name: endpoints, namespace: shop }
data: { PRICING_URL: "http://pricing/v1", PAY_ENDPOINT: "https://pay:443" }
---
apiVersion: v1
kind: Service
metadata: { name: pay, namespace: shop, annotations: { evenkeel.io/title: PayBridge } }
spec: { type: ExternalName, externalName: api.paybridge.example }
---
apiVersion: v1
kind: Secret
metadata: { name: s, namespace: shop }
${more}`;

const GRAPH = `# HELP traces_service_graph_request_total Total count of requests between two nodes
# TYPE traces_service_graph_request_total counter
traces_service_graph_request_total{client="user",server="web",connection_type=""} 900
traces_service_graph_request_total{client="web",server="orders-api",connection_type=""} 800 1795421800000
traces_service_graph_request_total{client="orders-api",server="orders-db",connection_type="database"} 700
traces_service_graph_request_total{client="orders-api",server="events",connection_type="messaging_system"} 70
traces_service_graph_request_total{client="orders-api",server="api.paybridge.example",connection_type="virtual_node"} 12
traces_service_graph_request_total{client="web",server="old",connection_type=""} 0
traces_service_graph_request_failed_total{client="web",server="never"} 3
`;

const edges = (read: ReturnType<typeof readAs>) =>
  read.nodes.flatMap((node) =>
    [...node.dependsOn].map(
      ([ref, strength]) => `${node.slug} ${strength} ${read.nodes.find((one) => one.ref === ref)?.slug}`,
    ),
  );
const kinds = (read: ReturnType<typeof readAs>) => Object.fromEntries(read.nodes.map(({ slug, kind }) => [slug, kind]));

describe('Kubernetes manifests', () => {
  const read = readAs('kubernetes', [{ name: 'shop.yaml', text: manifests() }]);

  it('workloads are services or stores, ExternalName services third parties, with tier, owner and copies', () => {
    expect(kinds(read)).toEqual({
      'orders-api': 'service',
      'orders-db': 'store',
      cache: 'store',
      pricing: 'service',
      'api-paybridge-example': 'third_party',
    });
    expect(read.nodes[0]).toMatchObject({
      name: 'Orders',
      tier: 1,
      owner: 'group:default/checkout',
      redundancy: 'several',
    });
    expect(read.nodes[1]).toMatchObject({ redundancy: 'single' });
    expect(read.nodes.at(-1)).toMatchObject({ name: 'PayBridge' });
  });

  it('hosts in the environment and in config maps are dependencies; what leads nowhere is named, words are no hosts', () => {
    expect(edges(read).sort()).toEqual([
      'orders-api hard api-paybridge-example',
      'orders-api hard cache',
      'orders-api hard orders-db',
      'orders-api soft pricing',
    ]);
    expect(read.dangling.map(({ ref, role }) => `${role}: ${ref}`).sort()).toEqual([
      'depends-on: nowhere',
      'env LEGACY: gone.shop',
    ]);
    expect(read.problems).toEqual([]);
  });

  it('row 82: bombs, duplicate keys and foreign tags are refused, strings stay strings; lists are opened', () => {
    const problems = (text: string) =>
      readAs('kubernetes', [{ name: 'f', text }]).problems.map(({ message }) => message);
    expect(problems('a: &a [1, 1]\nb: [*a, *a]')[0]).toMatch(/Aliases/);
    expect(problems('kind: Deployment\nkind: Service')[0]).toMatch(/unique/);
    expect(problems('kind: Deployment\nspec: {')).toHaveLength(1);
    expect(problems('kind: !!js/function "() => 1"\napiVersion: 1')[0]).toMatch(/Not a Kubernetes object/);
    expect(problems('just: words')[0]).toMatch(/Not a Kubernetes object/);
    const list = `apiVersion: v1\nkind: List\nitems:\n  - apiVersion: apps/v1\n    kind: Deployment\n    metadata: { name: "012" }\n`;
    expect(readAs('kubernetes', [{ name: 'f', text: list }]).nodes).toMatchObject([{ slug: '012', name: '012' }]);
  });
});

describe('service graph metrics', () => {
  it('calls that happened are edges; databases and queues are stores, what has no spans of its own a third party', () => {
    const text = readAs('opentelemetry', [{ name: 'metrics', text: GRAPH }]);
    expect(kinds(text)).toEqual({
      web: 'service',
      'orders-api': 'service',
      'orders-db': 'store',
      events: 'store',
      'api-paybridge-example': 'third_party',
    });
    expect(edges(text)).toHaveLength(4);
    const result = [
      { metric: { client: 'web', server: 'orders-api' }, value: [1795421800, '5'] },
      { metric: { client: 'web', server: 'dead' }, value: [1795421800, '0'] },
    ];
    const answer = JSON.stringify({ status: 'success', data: { resultType: 'vector', result } });
    expect(edges(readAs('opentelemetry', [{ name: 'a.json', text: answer }]))).toEqual(['web hard orders-api']);
  });

  it('what is none says so', () => {
    const problem = (text: string) => readAs('opentelemetry', [{ name: 'f', text }]).problems[0]?.message;
    expect(problem('up 1\n')).toMatch(/No traces_service_graph_request_total/);
    expect(problem('{"data":{"resultType":"matrix"}}')).toMatch(/must be “vector”/);
    expect(problem('{"data":')).toMatch(/Not JSON/);
    expect(problem('traces_service_graph_request_total{client=web} 1')).toMatch(/Line 1/);
  });
});

describe('importing again', () => {
  let house: House;
  let manager: WebClient;
  beforeAll(async () => {
    house = await openHouse();
    manager = await house.signIn('manager');
    await createTeam(await house.ctx('manager'), { name: 'Checkout', description: '', members: [] });
  });
  afterAll(() => house.close());

  it('a dry run changes nothing; what a person changed stays, what changed in the manifests follows; other formats meet the same nodes', async () => {
    const body = (text: string) => ({ format: 'kubernetes', source: 'cluster', files: [{ name: 'shop.yaml', text }] });
    const dry = await manager.post('/api/v1/catalog-imports/preview', body(manifests()));
    expect(dry.body).toMatchObject({ applied: false, same: 0 });
    expect(dry.body.add).toHaveLength(5);
    expect((await manager.get('/api/v1/services?kind=all')).body.items).toHaveLength(0);
    expect((await manager.post('/api/v1/catalog-imports', body(manifests()))).body).toMatchObject({ applied: true });
    const orders = (await manager.get('/api/v1/services/orders-api')).body;
    expect(orders).toMatchObject({ tier: 1, redundancy: 'several', team: { name: 'Checkout' } });
    expect(orders.dependsOn).toHaveLength(4);

    await manager.patch(`/api/v1/services/${orders.id}`, { name: 'Order taking', redundancy: 'single' });
    const pricing = orders.dependsOn.find(({ slug }: { slug: string }) => slug === 'pricing');
    const kept = orders.dependsOn
      .filter(({ id }: { id: string }) => id !== pricing.id)
      .map(({ id, strength }: { id: string; strength: string }) => ({ serviceId: id, strength }));
    await manager.put(`/api/v1/services/${orders.id}/dependencies`, { dependsOn: kept });
    const grown = manifests(`---\n${deployment('search')}`).replace('evenkeel.io/tier: "1"', 'evenkeel.io/tier: "2"');
    const again = (await manager.post('/api/v1/catalog-imports', body(grown))).body;
    expect(again.add.map(({ name }: { name: string }) => name)).toEqual(['search']);
    expect(again.kept[0].fields.map(({ field }: { field: string }) => field).sort()).toEqual([
      'name',
      'needs pricing',
      'redundancy',
    ]);
    const after = (await manager.get('/api/v1/services/orders-api')).body;
    expect(after).toMatchObject({ name: 'Order taking', redundancy: 'single', tier: 2 });
    expect(after.dependsOn).toHaveLength(3);
    expect((await manager.post('/api/v1/catalog-imports', body(grown))).body).toMatchObject({ add: [], change: [] });

    const graph = { format: 'opentelemetry', source: 'traces', files: [{ name: 'metrics', text: GRAPH }] };
    const met = (await manager.post('/api/v1/catalog-imports', graph)).body;
    expect(met.add.map(({ name }: { name: string }) => name).sort()).toEqual(['events', 'web']);
    expect((await manager.get('/api/v1/services/orders-api')).body.name).toBe('Order taking');
    expect((await manager.post('/api/v1/catalog-imports', { ...graph, format: 'terraform' })).status).toBe(422);
  });
});
