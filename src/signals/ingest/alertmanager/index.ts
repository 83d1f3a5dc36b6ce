/** Prometheus Alertmanager, webhook version 4 (wire-apis 3.3): one post is one group with its alerts. */
import type { Family, Post } from '../family.ts';
import { beatsAt } from '../heartbeat.ts';
import { read } from './read.ts';
import { sample, snippets } from './snippets.ts';

/** The key in the URL, else `Authorization: Bearer`, as `http_config.authorization` sends it. */
function keyOf(post: Post): string | undefined {
  if (post.params.key) return post.params.key;
  const header = post.headers.authorization;
  return typeof header === 'string' ? /^bearer\s+(\S+)\s*$/i.exec(header)?.[1] : undefined;
}

export const alertmanager: Family = {
  kind: 'alertmanager',
  title: 'Prometheus Alertmanager',
  description:
    'Alertmanager webhook receiver. Also Mimir, VictoriaMetrics, Grafana Mimir Alertmanager and whatever else sends version 4.',
  topic: 'Metrics and logs',
  doors: [
    { path: '/integrations/v1/alertmanager', purpose: 'alerts' },
    { path: '/integrations/v1/alertmanager/', purpose: 'alerts' },
    { path: '/integrations/v1/alertmanager/:key', purpose: 'alerts' },
    { path: '/integrations/v1/alertmanager/:key/', purpose: 'alerts' },
  ],
  routes: () => beatsAt(alertmanager, ['alertmanager']),
  keyOf,
  read: (body, _purpose, context) => read(body, context),
  // Alertmanager takes any 2xx and drops a 4xx for good.
  accepted: (_purpose, reading, signalId) => ({
    status: 202,
    body: { status: 'accepted', signal: signalId, alerts: reading.events.length },
  }),
  snippets,
  sample,
};
