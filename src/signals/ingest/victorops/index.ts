/** VictorOps (Splunk On-Call) REST endpoint, as Alertmanager's victorops_configs and many tools send to it. */
import type { Answer, Family, ReadContext, Reading } from '../family.ts';
import { isObject, type JsonValue } from '../json.ts';
import { epoch, flat, one, testText, unreadable } from '../simple.ts';
import { textOf } from '../text.ts';

/** RECOVERY resolves, ACKNOWLEDGEMENT acknowledges; the other words are severities. */
function read(body: JsonValue, context: ReadContext): Reading {
  if (!isObject(body)) return unreadable('The body must be a JSON object.');
  const type = textOf(body.message_type).trim().toUpperCase();
  if (!['INFO', 'WARNING', 'CRITICAL', 'RECOVERY', 'ACKNOWLEDGEMENT', 'ACKNOWLEDGMENT'].includes(type))
    return unreadable('message_type must be one of INFO, WARNING, CRITICAL, ACKNOWLEDGEMENT, RECOVERY');
  const entity = textOf(body.entity_id).trim();
  if (entity === '' && type === 'RECOVERY') return unreadable('entity_id is required for RECOVERY');
  const labels = flat(body);
  for (const name of ['message_type', 'state_message', 'entity_display_name', 'entity_id']) delete labels[name];
  if (context.wire.params.routing) labels.routing_key = context.wire.params.routing;
  return one(
    {
      action: type === 'RECOVERY' ? 'resolve' : type.startsWith('ACK') ? 'acknowledge' : 'trigger',
      key: entity === '' ? context.newKey : entity,
      title: textOf(body.entity_display_name) || entity || 'Alert',
      severity: type.toLowerCase(),
      description: body.state_message,
      source: body.monitoring_tool,
      labels,
      details: body,
      startedAt: epoch(body.state_start_time),
    },
    context,
  );
}

const refused = (status: number, title: string, errors: string[]): Answer => ({
  status,
  body: { result: 'failure', entity_id: '', messages: errors.length > 0 ? errors : [title] },
});

export const victorops: Family = {
  kind: 'victorops',
  title: 'VictorOps / Splunk On-Call',
  description: 'Alertmanager’s victorops_configs and everything else that posts to its REST endpoint.',
  topic: 'On-call tools',
  doors: ['/integrations/generic/20131114/alert/:key', '/integrations/generic/20131114/alert/:key/:routing'].map(
    (path) => ({
      path,
      purpose: 'alerts',
    }),
  ),
  keyOf: (post) => post.params.key,
  read: (body, _purpose, context) => read(body, context),
  accepted: (_purpose, reading) => ({ status: 200, body: { result: 'success', entity_id: reading.key ?? '' } }),
  refused,
  snippets: ({ url, key }) => [
    {
      title: 'alertmanager.yml, victorops_configs',
      language: 'yaml',
      text: `receivers:
  - name: evenkeel
    victorops_configs:
      - api_url: ${url}/integrations/generic/20131114/alert/
        api_key: ${key}
        routing_key: '{{ .CommonLabels.service }}'
        send_resolved: true
`,
    },
  ],
  sample: (action, { name }) => ({
    message_type: action === 'trigger' ? 'WARNING' : 'RECOVERY',
    entity_id: 'evenkeel-test',
    entity_display_name: testText(name).title,
    state_message: testText(name).text,
    monitoring_tool: 'Evenkeel',
  }),
};
