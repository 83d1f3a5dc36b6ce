/** Datadog's webhook integration (wire-apis 3.6): the payload is a template of the customer's; ours is in the snippets, the untouched default is read as well. */
import type { Family, ReadContext, Reading } from '../family.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import { anyKey } from '../keys.ts';
import { doorsAt, epoch, labelsOfTags, one, taken, testText, unreadable } from '../simple.ts';
import { textOf } from '../text.ts';

export const TEMPLATE = {
  id: '$ID',
  alert_id: '$ALERT_ID',
  cycle_key: '$ALERT_CYCLE_KEY',
  aggreg_key: '$AGGREG_KEY',
  transition: '$ALERT_TRANSITION',
  type: '$ALERT_TYPE',
  event_type: '$EVENT_TYPE',
  title: '$EVENT_TITLE',
  body: '$EVENT_MSG',
  priority: '$ALERT_PRIORITY',
  scope: '$ALERT_SCOPE',
  metric: '$ALERT_METRIC',
  query: '$ALERT_QUERY',
  host: '$HOSTNAME',
  tags: '$TAGS',
  link: '$LINK',
  date: '$DATE',
  last_updated: '$LAST_UPDATED',
  org: { id: '$ORG_ID', name: '$ORG_NAME' },
};

/** A value of the template; what Datadog did not fill in (`$NAME`) is absent. */
function filled(body: JsonObject, name: string): string {
  const text = textOf(body[name]).trim();
  return /^\$[A-Z_]+$/.test(text) || text === 'null' ? '' : text;
}

/** `cycle_key`, else `aggreg_key`, else `alert_id` and scope; the event's id is the last resort. */
function keyOfAlert(body: JsonObject): string {
  const alert = filled(body, 'alert_id');
  return (
    filled(body, 'cycle_key') ||
    filled(body, 'aggreg_key') ||
    (alert && `${alert}:${filled(body, 'scope')}`) ||
    filled(body, 'id')
  );
}

function severityOfAlert(body: JsonObject, transition: string): string {
  if (/warn/i.test(transition)) return 'warning';
  const priority = filled(body, 'priority');
  if (/^p[1-5]$/i.test(priority)) return priority;
  const type = filled(body, 'type') || filled(body, 'event_type');
  return type === 'success' ? 'info' : type;
}

function read(body: JsonValue, context: ReadContext): Reading {
  if (!isObject(body)) return unreadable('The body must be a JSON object.');
  const title = filled(body, 'title');
  if (title === '' && keyOfAlert(body) === '') return unreadable('Neither title nor an id was sent.');
  const transition = filled(body, 'transition');
  // The default template has no transition: Datadog writes it in front of the title.
  const over = transition === '' ? /^\[Recovered/i.test(title) : /^(re-)?recovered$/i.test(transition);
  const tags = labelsOfTags(filled(body, 'tags'));
  for (const name of ['scope', 'metric', 'host'] as const) if (filled(body, name)) tags[name] ??= filled(body, name);
  const event = {
    action: over ? ('resolve' as const) : ('trigger' as const),
    key: keyOfAlert(body) || title.replace(/^\[[^\]]*\]\s*/, ''),
    title: title || `Alert ${keyOfAlert(body)}`,
    severity: severityOfAlert(body, transition),
    description: filled(body, 'body'),
    source: filled(body, 'host') || 'Datadog',
    labels: tags,
    details: body,
    links: [{ href: filled(body, 'link'), text: 'Datadog' }],
    startedAt: epoch(filled(body, 'date')),
  };
  // Somebody muted it there: that is kept, and nobody is called.
  if (/^muted$/i.test(transition)) return { ok: true, events: [], changes: [], key: event.key };
  return one(event, context);
}

export const datadog: Family = {
  kind: 'datadog',
  title: 'Datadog',
  description: 'A webhook of Datadog’s integration “Webhooks”, called from monitors by @webhook-evenkeel.',
  topic: 'Metrics and logs',
  doors: doorsAt('/integrations/v1/datadog'),
  keyOf: anyKey,
  read: (body, _purpose, context) => read(body, context),
  accepted: (_purpose, reading, signalId) => taken(reading, signalId, 200),
  snippets: ({ url, key }) => [
    {
      title: 'Webhooks: URL and custom headers',
      language: 'json',
      text: `URL: ${url}/integrations/v1/datadog
Custom headers: {"Authorization": "Bearer ${key}"}
`,
    },
    { title: 'Webhooks: payload', language: 'json', text: `${JSON.stringify(TEMPLATE, null, 2)}\n` },
  ],
  sample: (action, { name }, at) => ({
    ...TEMPLATE,
    id: '1',
    alert_id: '1',
    cycle_key: 'evenkeel-test',
    transition: action === 'trigger' ? 'Triggered' : 'Recovered',
    type: 'warning',
    title: testText(name).title,
    body: testText(name).text,
    date: String(at.getTime()),
  }),
};
