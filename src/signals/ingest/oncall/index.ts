/** Grafana OnCall's integration URLs (wire-apis 3.5), for everybody who configured one: formatted webhook, plain webhook and heartbeat. */
import { type AnyRoute, canonicalJson, rawRoute, sha256hex } from '#kernel';
import { ping } from '../../monitors/heartbeats/ping.ts';
import { postOf, send, welcome } from '../door.ts';
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

/** `…/{type}/{token}/heartbeat/`: pings the heartbeat called `default` of that integration. */
const beats = (family: Family): AnyRoute[] =>
  ['formatted_webhook', 'webhook'].flatMap((type) =>
    (['GET', 'POST'] as const).flatMap((method) =>
      ['', '/'].map((end) =>
        rawRoute({
          method,
          path: `/integrations/v1/${type}/:key/heartbeat${end}`,
          handle: async (request, reply, house) => {
            const ctx = await house.ctx(house.system('signals.oncall'), { requestId: request.id, ip: request.ip });
            const { post } = postOf(request, { path: type, purpose: 'alerts', mayBeEmpty: true });
            const sender = await welcome(ctx, family, post);
            if ('status' in sender) return send(reply, sender);
            const known = await ping(ctx, sender.integration.id, 'default');
            return send(
              reply,
              known ? { status: 200, body: 'Ok.' } : { status: 404, body: 'There is no heartbeat “default”.' },
            );
          },
        }),
      ),
    ),
  );

export const oncall: Family = {
  kind: 'oncall',
  title: 'Grafana OnCall webhooks',
  description: 'Formatted and plain webhooks of Grafana OnCall: change the host and the token, keep the rest.',
  topic: 'On-call tools',
  doors: [...doorsAt('/integrations/v1/formatted_webhook'), ...doorsAt('/integrations/v1/webhook')],
  routes: () => beats(oncall),
  keyOf: anyKey,
  read: (body, _purpose, context) => read(body, context),
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
