/** The Alertmanager v2 API as a server (wire-apis 3.4): Prometheus, rulers, amtool, karma and Grafana talk to it as to an Alertmanager. */
import type { Answer, Family, Post } from '../family.ts';
import { basicKey, schemeKey } from '../keys.ts';
import { read } from './read.ts';
import { alertmanagerRoutes } from './routes.ts';
import { sample, snippets } from './snippets.ts';

/** `Authorization: Bearer`, or basic with the key as the password, as amtool's `http://any:KEY@host` sends it. */
const keyOf = (post: Post): string | undefined => schemeKey(post, 'Bearer') ?? basicKey(post);

/** Alertmanager's errors are a plain JSON string. */
export const refused = (status: number, title: string, errors: string[]): Answer => ({
  status,
  body: errors.length > 0 ? errors.join('; ') : title,
  ...(status === 401 ? { headers: { 'www-authenticate': 'Basic realm="Evenkeel"' } } : {}),
});

export const prometheus: Family = {
  kind: 'prometheus',
  title: 'Prometheus (Alertmanager API)',
  description:
    'Prometheus, Mimir and Loki rulers and vmalert without an Alertmanager between; amtool, karma and Grafana for alerts and silences.',
  topic: 'Metrics and logs',
  doors: [{ path: '/api/v2/alerts', purpose: 'alerts' }],
  routes: () => alertmanagerRoutes(prometheus),
  keyOf,
  read: (body, _purpose, context) => read(body, context),
  accepted: () => ({ status: 200, body: null }),
  refused,
  snippets,
  sample,
};
