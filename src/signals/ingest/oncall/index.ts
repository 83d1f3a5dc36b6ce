/** Grafana OnCall's integration URLs (wire-apis 3.5), for everybody who configured one: formatted webhook, plain webhook and heartbeat. */
import { canonicalJson, sha256hex } from '#kernel';
import { read as readAlertmanager } from '../alertmanager/read.ts';
import { readGeneric } from '../generic/index.ts';
import { beatsAt } from '../heartbeat.ts';
import type { Family, ReadContext, Reading } from '../family.ts';
import { isObject, type JsonValue } from '../json.ts';
import { anyKey } from '../keys.ts';
import { doorsAt, flat, one, taken, testText, unreadable } from '../simple.ts';
import { textOf } from '../text.ts';

/** No field is required. The key is `alert_uid`, else what the alert says. */
function read(body: JsonValue, context: ReadContext): Reading {
  if (!isObject(body)) return unreadable('The body must be a JSON object.');
  if (Object.keys(body).length === 0) return unreadable('The body is an empty object.');
  const title = textOf(body.title) || textOf(body.message).split('\n')[0] || textOf(body.name) || 'Alert';
  const uid = textOf(body.alert_uid);
  const state = textOf(body.state ?? body.status)
    .trim()
    .toLowerCase();
  const labels = isObject(body.labels) ? body.labels : flat(body.payload);
  return one(
    {
      action: ['ok', 'resolved', 'closed', 'recovered'].includes(state) ? 'resolve' : 'trigger',
      key: uid !== '' ? uid : `title:${sha256hex(canonicalJson(title)).slice(0, 32)}`,
      title,
      severity: body.severity,
      description: body.message,
      source: body.source ?? 'Webhook',
      labels,
      details: body,
      links: [
        { href: body.link_to_upstream_details, text: 'Source' },
        { href: body.image_url, text: 'Image' },
      ],
    },
    context,
  );
}

/** OnCall's integrations that have no folder of their own here: read by common names, as any JSON is. */
const OTHERS = [
  'legacy_alertmanager',
  'elastalert',
  'fabric',
  'jira',
  'kapacitor',
  'newrelic',
  'pagerduty',
  'prtg',
  'stackdriver',
  'uptimerobot',
  'zabbix',
  'zendesk',
];
const FORMATTED = ['formatted_webhook', 'webhook'];

function readAt(body: JsonValue, context: ReadContext): Reading {
  const type = context.wire.door.split('/').pop() ?? '';
  if (!OTHERS.includes(type)) return read(body, context);
  // The older Alertmanager integration of OnCall sends what Alertmanager sends.
  if (isObject(body) && Array.isArray(body.alerts)) return readAlertmanager(body, context);
  return readGeneric(body, { ...context, options: {} });
}

export const oncall: Family = {
  kind: 'oncall',
  title: 'Grafana OnCall webhooks',
  description:
    'Webhooks of Grafana OnCall, formatted, plain, Zabbix, Kapacitor, ElastAlert and its other types: change the host and the token, keep the rest.',
  topic: 'On-call tools',
  doors: [...FORMATTED, ...OTHERS].flatMap((type) => doorsAt(`/integrations/v1/${type}`)),
  routes: () => beatsAt(oncall, [...FORMATTED, ...OTHERS]),
  keyOf: anyKey,
  read: (body, _purpose, context) => readAt(body, context),
  accepted: (_purpose, reading, signalId) => taken(reading, signalId, 200),
  snippets: ({ url, key }) => [
    {
      title: 'Formatted webhook',
      language: 'bash',
      text: `curl -X POST ${url}/integrations/v1/formatted_webhook/${key}/ -H 'Content-Type: application/json' -d '{
  "alert_uid": "checkout-latency", "title": "Checkout is slow", "state": "alerting", "message": "p99 is 4 s"}'

# over: the same alert_uid with "state": "ok"
`,
    },
  ],
  sample: (action, { name }) => ({
    alert_uid: 'evenkeel-test',
    title: testText(name).title,
    message: testText(name).text,
    state: action === 'trigger' ? 'alerting' : 'ok',
    severity: 'warning',
  }),
};
