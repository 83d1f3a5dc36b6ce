/** Google Cloud Monitoring's webhook channel (wire-apis 3.10): basic or `?auth_token=`; its test message has fewer fields. */
import type { Family, ReadContext, Reading } from '../family.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import { anyKey } from '../keys.ts';
import { doorsAt, epoch, flat, one, taken, testText, unreadable } from '../simple.ts';
import { textOf } from '../text.ts';

const object = (value: JsonValue | undefined): JsonObject => (isObject(value) ? value : {});

function read(body: JsonValue, context: ReadContext): Reading {
  const incident = isObject(body) && isObject(body.incident) ? body.incident : undefined;
  if (!incident) return unreadable('“incident” is missing');
  const key = textOf(incident.incident_id);
  if (key === '') return unreadable('incident.incident_id is missing');
  const resource = object(incident.resource);
  const documentation = object(incident.documentation);
  const condition = textOf(incident.condition_name);
  const policy = textOf(incident.policy_name);
  return one(
    {
      // Fixtures write the state in capitals, the vendor's text in small letters.
      action: textOf(incident.state).toLowerCase() === 'closed' ? 'resolve' : 'trigger',
      key,
      title: textOf(documentation.subject) || policy || condition || textOf(incident.summary) || 'Google Cloud alert',
      severity: textOf(incident.severity).replace(/^no severity$/i, ''),
      description: textOf(incident.summary) || textOf(documentation.content),
      source:
        textOf(incident.resource_display_name) || textOf(incident.resource_name) || textOf(incident.scoping_project_id),
      labels: {
        ...flat(resource.labels),
        ...flat(object(incident.metadata).user_labels),
        ...flat(incident.policy_user_labels),
        policy,
        condition,
        project: textOf(incident.scoping_project_id),
      },
      details: incident,
      links: [{ href: incident.url, text: 'Google Cloud' }],
      startedAt: epoch(incident.started_at),
      endedAt: epoch(incident.ended_at),
    },
    context,
  );
}

export const gcp: Family = {
  kind: 'gcp',
  title: 'Google Cloud Monitoring',
  description: 'A notification channel of the type webhook.',
  topic: 'Clouds',
  doors: doorsAt('/integrations/v1/gcp'),
  keyOf: anyKey,
  read: (body, _purpose, context) => read(body, context),
  accepted: (_purpose, reading, signalId) => taken(reading, signalId, 200),
  snippets: ({ url, key }) => [
    {
      title: 'Alerting → Notification channels → Webhooks',
      language: 'text',
      text: `Endpoint URL: ${url}/integrations/v1/gcp/?auth_token=${key}

or with basic authentication: ${url}/integrations/v1/gcp/, any user name, the key as the password: ${key}
`,
    },
  ],
  sample: (action, { name, url }, at) => ({
    version: '1.2',
    incident: {
      incident_id: 'evenkeel-test',
      state: action === 'trigger' ? 'open' : 'closed',
      policy_name: testText(name).title,
      summary: testText(name).text,
      severity: 'Warning',
      url,
      started_at: Math.floor(at.getTime() / 1000),
      ended_at: action === 'trigger' ? null : Math.floor(at.getTime() / 1000),
    },
  }),
};
