/** incident.io's alert sources: Alertmanager's own receiver for it, and its HTTP source. */
import { read as readAlertmanager } from '../alertmanager/read.ts';
import { sample as alertmanagerSample } from '../alertmanager/snippets.ts';
import type { Answer, Family, ReadContext, Reading } from '../family.ts';
import { isObject, type JsonValue } from '../json.ts';
import { schemeKey } from '../keys.ts';
import { flat, one, unreadable } from '../simple.ts';
import { textOf } from '../text.ts';

/** The HTTP source's body: `title`, `status` (firing, resolved), `deduplication_key`, `metadata`. */
function readHttp(body: JsonValue, context: ReadContext): Reading {
  if (!isObject(body)) return unreadable('The body must be a JSON object.');
  const title = textOf(body.title).trim();
  const status = textOf(body.status).toLowerCase();
  if (title === '') return { ok: false, status: 422, errors: ['title: is required'] };
  if (status !== 'firing' && status !== 'resolved')
    return { ok: false, status: 422, errors: ['status: must be one of firing, resolved'] };
  const given = textOf(body.deduplication_key);
  if (given === '' && status === 'resolved')
    return { ok: false, status: 422, errors: ['deduplication_key: is required to resolve'] };
  const metadata = isObject(body.metadata) ? body.metadata : {};
  return one(
    {
      action: status === 'resolved' ? 'resolve' : 'trigger',
      key: given === '' ? context.newKey : given,
      title,
      severity: metadata.severity ?? metadata.priority,
      description: body.description,
      source: metadata.source ?? 'incident.io',
      labels: flat(metadata),
      details: metadata,
      links: [{ href: body.source_url, text: 'Source' }],
    },
    context,
  );
}

const refused = (status: number, title: string, errors: string[], requestId: string): Answer => ({
  status,
  body: {
    type: status === 401 ? 'authentication_error' : 'validation_error',
    status,
    request_id: requestId,
    message: title,
    error: title,
    errors: errors.map((message) => ({ code: 'invalid_value', message })),
  },
});

export const incidentio: Family = {
  kind: 'incidentio',
  title: 'incident.io alert source',
  description: 'Alertmanager’s incidentio_configs, and whatever posts to an incident.io HTTP alert source.',
  topic: 'On-call tools',
  doors: [
    { path: '/v2/alert_events/alertmanager/:source', purpose: 'alerts', name: 'alertmanager' },
    { path: '/v2/alert_events/http/:source', purpose: 'alerts', name: 'http' },
  ],
  keyOf: (post) => schemeKey(post, 'Bearer'),
  read: (body, _purpose, context) =>
    context.wire.door === 'http' ? readHttp(body, context) : readAlertmanager(body, context),
  accepted: (_purpose, reading) => ({
    status: 202,
    body: {
      status: 'success',
      message: 'Event accepted for processing',
      deduplication_key: reading.key ?? reading.events[0]?.key ?? '',
    },
  }),
  refused,
  snippets: ({ url, key }) => [
    {
      title: 'alertmanager.yml, incidentio_configs',
      language: 'yaml',
      text: `receivers:
  - name: evenkeel
    incidentio_configs:
      - url: ${url}/v2/alert_events/alertmanager/evenkeel
        alert_source_token: ${key}
        send_resolved: true
`,
    },
    {
      title: 'curl',
      language: 'bash',
      text: `curl -X POST ${url}/v2/alert_events/http/evenkeel -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' \\
  -d '{"title": "Checkout is slow", "status": "firing", "deduplication_key": "checkout-latency"}'
`,
    },
  ],
  sample: alertmanagerSample,
};
