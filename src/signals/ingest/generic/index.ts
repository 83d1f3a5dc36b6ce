/** Any JSON at all: read by common names, or by expressions (CEL) that the owner writes. A mapping that fails never loses an alert. */
import { canonicalJson, checkCel, sha256hex, valueOfCel } from '#kernel';
import type { ExplainedField, Family, OptionField, ReadContext, Reading } from '../family.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import { anyKey } from '../keys.ts';
import { doorsAt, flat, plainEvent, taken, testText, unreadable } from '../simple.ts';
import { textOf } from '../text.ts';

/** What a mapping can say, and the member names that are looked for without one, first found first. */
const FIELDS = {
  title: ['title', 'summary', 'message', 'name', 'subject', 'alertname', 'text'],
  key: ['dedup_key', 'key', 'fingerprint', 'alias', 'alert_id', 'id', 'uid'],
  status: ['status', 'state', 'action', 'event'],
  severity: ['severity', 'priority', 'level'],
  service: ['service', 'app', 'component'],
  description: ['description', 'details', 'body', 'message'],
} as const;
type Field = keyof typeof FIELDS;

const OVER = ['resolved', 'resolve', 'ok', 'closed', 'close', 'recovered', 'recovery', 'up', 'cleared', 'inactive'];

const HELP: Record<Field, string> = {
  title: 'What the alert is called: body.check.name + " on " + body.host',
  key: 'What makes two posts the same alert: body.check.id',
  status: 'A text; resolved, ok, closed, recovered or up ends the alert: body.state',
  severity: 'critical, error, warning or info: body.level > 3 ? "critical" : "warning"',
  service: 'The address or name of a service here: body.tags.service',
  description: 'More words for whoever is called: body.output',
};

const option = (name: Field): OptionField => ({
  name,
  label: `Mapping: ${name}`,
  help: `${HELP[name]}. Without it, these members are tried: ${FIELDS[name].join(', ')}.`,
  multiline: true,
  problem: (value) => {
    const wrong = checkCel(value);
    return wrong ? `${wrong.message} (at character ${wrong.position + 1})` : undefined;
  },
});

/** One field: what the mapping says, else the first member of a known name. `error` when a mapping said nothing. */
function fieldOf(name: Field, body: JsonObject, context: ReadContext): ExplainedField {
  const expression = context.options[name];
  let error: string | null = null;
  if (expression) {
    // Plain objects for the engine; a number that stayed text stays text.
    const said = valueOfCel(expression, { body: JSON.parse(JSON.stringify(body)) as unknown });
    if (said.error === undefined && said.value !== null && said.value !== undefined) {
      const { value } = said;
      const text =
        typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | bigint | boolean);
      return { name, text: text.slice(0, 20_000), from: 'mapping', member: null, error: null };
    }
    error = said.error ?? 'It says nothing about this post.';
  }
  for (const member of FIELDS[name]) {
    const value = body[member];
    if (value !== undefined && value !== null && typeof value !== 'object' && textOf(value).trim() !== '')
      return { name, text: textOf(value), from: 'member', member, error };
  }
  return { name, text: '', from: 'nothing', member: null, error };
}

/** Where each field of the first object came from. */
function explain(body: JsonValue, context: ReadContext): ExplainedField[] {
  const first = Array.isArray(body) ? body[0] : body;
  return isObject(first) ? (Object.keys(FIELDS) as Field[]).map((name) => fieldOf(name, first, context)) : [];
}

/** Reads one object; exported for the preview of a mapping. */
export function readGeneric(body: JsonValue, context: ReadContext): Reading {
  if (Array.isArray(body) && body.length > 0 && body.every(isObject)) {
    const events = body.map((item) => eventOf(item, context));
    return { ok: true, events, changes: [] };
  }
  if (!isObject(body) || Object.keys(body).length === 0)
    return unreadable('The body must be a JSON object, or a list of objects.');
  const event = eventOf(body, context);
  return { ok: true, events: [event], changes: [], key: event.key };
}

function eventOf(body: JsonObject, context: ReadContext) {
  const found = Object.fromEntries(
    (Object.keys(FIELDS) as Field[]).map((name) => [name, fieldOf(name, body, context)]),
  ) as Record<Field, ExplainedField>;
  const title = found.title.text.trim() || 'Alert without a title';
  const event = plainEvent(
    {
      action: OVER.includes(found.status.text.trim().toLowerCase()) ? 'resolve' : 'trigger',
      key: found.key.text || `title:${sha256hex(canonicalJson(title)).slice(0, 32)}`,
      title,
      severity: found.severity.text,
      description: found.description.text === title ? '' : found.description.text,
      source: body.source ?? body.host ?? 'Webhook',
      ...(found.service.text ? { service: found.service.text } : {}),
      labels: isObject(body.labels) ? body.labels : flat(body),
      details: body,
      links: [{ href: body.url ?? body.link, text: 'Source' }],
    },
    context,
  );
  if (Object.values(found).some(({ error }) => error !== null)) event.marks.push('mapping_failed');
  return event;
}

export const generic: Family = {
  kind: 'generic',
  title: 'Any JSON webhook',
  description: 'Whatever can post JSON. Common names are understood; a mapping in CEL reads the rest.',
  topic: 'Anything else',
  doors: doorsAt('/integrations/v1/generic'),
  options: (Object.keys(FIELDS) as Field[]).map(option),
  keyOf: anyKey,
  read: (body, _purpose, context) => readGeneric(body, context),
  explain,
  accepted: (_purpose, reading, signalId) => taken(reading, signalId),
  snippets: ({ url, key }) => [
    {
      title: 'curl',
      language: 'bash',
      text: `curl -X POST ${url}/integrations/v1/generic -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' \\
  -d '{"title": "Checkout is slow", "key": "checkout-latency", "status": "firing", "severity": "critical"}'

# over: the same key with "status": "resolved"
`,
    },
    {
      title: 'Senders that cannot set a header: the key in the URL',
      language: 'text',
      text: `${url}/integrations/v1/generic/${key}/\n`,
    },
  ],
  sample: (action, { name }) => ({
    title: testText(name).title,
    description: testText(name).text,
    key: 'evenkeel-test',
    status: action === 'trigger' ? 'firing' : 'resolved',
    severity: 'warning',
  }),
};
