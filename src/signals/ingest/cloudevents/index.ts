/** CloudEvents 1.0 (wire-apis 3.15): binary, structured and batch on one address, and the handshake of abuse protection. */
import { type AnyRoute, rawRoute, sha256hex } from '#kernel';
import type { Family, NormalChange, Post, ReadContext, Reading } from '../family.ts';
import type { NormalEvent } from '../../model.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import { anyKey } from '../keys.ts';
import { flat, plainEvent, taken, testText, unreadable } from '../simple.ts';
import { textOf, timeOf } from '../text.ts';

const BASE = '/integrations/v1/cloudevents';
const ATTRIBUTES = ['id', 'source', 'specversion', 'type', 'subject', 'time'];

const mediaType = (header: string | undefined) => (header ?? '').split(';')[0]!.trim().toLowerCase();

/** Header values are percent-encoded in binary mode (HTTP binding 3.1.3.2); what is not, stays as it came. */
function plain(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** The events of a post, or what is wrong. */
function eventsOf(
  body: JsonValue,
  headers: Record<string, string>,
): JsonObject[] | { error: string; status: 400 | 415 } {
  const type = mediaType(headers['content-type']);
  if (headers['ce-id'] !== undefined || headers['ce-specversion'] !== undefined) {
    const event: JsonObject = { data: body };
    for (const name of ATTRIBUTES) if (headers[`ce-${name}`] !== undefined) event[name] = plain(headers[`ce-${name}`]!);
    return [event];
  }
  if (type === 'application/cloudevents-batch+json')
    return Array.isArray(body) && body.every(isObject) ? body : { error: 'A batch is a list of events', status: 400 };
  const structured = type === 'application/cloudevents+json' || (isObject(body) && body.specversion !== undefined);
  if (!structured)
    return {
      error: 'Send binary mode (ce-* headers), application/cloudevents+json or application/cloudevents-batch+json',
      status: 415,
    };
  return isObject(body) ? [body] : { error: 'An event is an object', status: 400 };
}

function read(body: JsonValue, context: ReadContext): Reading {
  const list = eventsOf(body, context.wire.headers);
  if (!Array.isArray(list)) return { ok: false, status: list.status, errors: [list.error] };
  const errors = list.flatMap((event, n) =>
    ['id', 'source', 'specversion', 'type']
      .filter((name) => textOf(event[name]) === '')
      .map((name) => `${list.length > 1 ? `${n}: ` : ''}${name} is missing`),
  );
  if (list.some((event) => textOf(event.specversion) !== '' && !/^1\.\d+$/.test(textOf(event.specversion))))
    errors.push('specversion must be 1.0');
  if (errors.length > 0) return unreadable(...errors.slice(0, 20));
  const events: NormalEvent[] = [];
  const changes: NormalChange[] = [];
  for (const event of list) {
    if (isChange(textOf(event.type))) changes.push(changeOf(event, context));
    else events.push(alertOf(event, context));
  }
  return { ok: true, events, changes };
}

/** Types of what somebody changed: `….deployment.finished` (CDEvents too), `….flag.changed`. */
const isChange = (type: string) => /(^|[._-])(deploy|deployment|release|rollout|change|flag|config)/i.test(type);
const isOver = (type: string) => /[._-](resolved|closed|recovered|ok|cleared)(\.v\d+)?$/i.test(type);

const dataOf = (event: JsonObject): JsonObject => (isObject(event.data) ? event.data : { data: event.data ?? null });

function changeOf(event: JsonObject, context: ReadContext): NormalChange {
  const data = dataOf(event);
  const type = textOf(event.type);
  return {
    kind: /flag/i.test(type) ? 'flag' : /config/i.test(type) ? 'config' : 'deploy',
    summary: (textOf(data.summary) || textOf(data.title) || `${type} ${textOf(event.subject)}`).slice(0, 1000).trim(),
    source: textOf(event.source).slice(0, 255),
    service: textOf(data.service) || textOf(event.subject) || null,
    url: /^https?:\/\//.test(textOf(data.url)) ? textOf(data.url).slice(0, 2048) : null,
    at: timeOf(event.time, context.now, new Set()),
  };
}

function alertOf(event: JsonObject, context: ReadContext): NormalEvent {
  const data = dataOf(event);
  const given = textOf(data.dedup_key) || textOf(data.key) || textOf(event.subject) || textOf(event.id);
  const over =
    isOver(textOf(event.type)) || /^(resolved|closed|ok|recovered)$/i.test(textOf(data.status ?? data.state));
  return plainEvent(
    {
      action: over ? 'resolve' : 'trigger',
      key: `${textOf(event.source)} ${given}`,
      title: textOf(data.title) || textOf(data.summary) || textOf(data.message) || textOf(event.type),
      severity: data.severity,
      description: data.description,
      source: event.source,
      labels: {
        ...flat(data.labels),
        type: textOf(event.type),
        ...(event.subject ? { subject: textOf(event.subject) } : {}),
      },
      ...(textOf(data.service) ? { service: textOf(data.service) } : {}),
      details: data,
      links: [{ href: data.url, text: 'Source' }],
      startedAt: event.time,
    },
    context,
  );
}

/** `source` and `id` name an event; a batch is known by all of its own. */
function messageId(post: Post): string | undefined {
  const headers = Object.fromEntries(
    Object.entries(post.headers).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
  const list = post.body === undefined ? [] : eventsOf(post.body, headers);
  if (!Array.isArray(list) || list.length === 0) return undefined;
  return `ce:${sha256hex(JSON.stringify(list.map((event) => [textOf(event.source), textOf(event.id)])))}`;
}

/** The validation handshake: whoever asks with a good address may send, as fast as it likes. */
const handshake = (): AnyRoute[] =>
  ['', '/', '/:key', '/:key/'].map((end) =>
    rawRoute({
      method: 'OPTIONS',
      path: `${BASE}${end}`,
      handle: async (request, reply) => {
        const origin = request.headers['webhook-request-origin'];
        if (typeof origin === 'string')
          reply.header('webhook-allowed-origin', origin.slice(0, 255)).header('webhook-allowed-rate', '*');
        return reply.header('allow', 'POST, OPTIONS').code(200).send('');
      },
    }),
  );

export const cloudevents: Family = {
  kind: 'cloudevents',
  title: 'CloudEvents',
  description:
    'Any sender of CloudEvents 1.0: Knative, Azure Event Grid, CDEvents of pipelines. Deploys become changes, the rest alerts.',
  topic: 'Anything else',
  doors: ['', '/', '/:key', '/:key/'].map((end) => ({ path: `${BASE}${end}`, purpose: 'alerts' })),
  routes: handshake,
  headers: ['content-type', ...ATTRIBUTES.map((name) => `ce-${name}`)],
  keyOf: anyKey,
  messageId,
  read: (body, _purpose, context) => read(body, context),
  accepted: (_purpose, reading, signalId) => taken(reading, signalId),
  snippets: ({ url, key }) => [
    {
      title: 'curl, structured mode',
      language: 'bash',
      text: `curl -X POST ${url}${BASE}/${key}/ -H 'Content-Type: application/cloudevents+json' -d '{
  "specversion": "1.0", "id": "1", "source": "/checkout", "type": "com.example.alert.fired", "subject": "latency",
  "data": {"title": "Checkout is slow", "severity": "critical"}}'
`,
    },
  ],
  sample: (action, { name }, at) => ({
    specversion: '1.0',
    id: `evenkeel-test-${at.getTime()}`,
    source: '/evenkeel',
    type: action === 'trigger' ? 'evenkeel.test.fired' : 'evenkeel.test.resolved',
    subject: 'evenkeel-test',
    time: at.toISOString(),
    data: { title: testText(name).title, description: testText(name).text, severity: 'warning' },
  }),
};
