/** Sentry's integration platform (wire-apis 3.7): signed with the client secret over the raw bytes. */
import type { Family, Post, ReadContext, Reading } from '../family.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import { checkHmac } from '../signature.ts';
import { doorsAt, labelsOfTags, one, taken, testText, unreadable } from '../simple.ts';
import { textOf } from '../text.ts';

const nothing: Reading = { ok: true, events: [], changes: [] };
const object = (value: JsonValue | undefined): JsonObject => (isObject(value) ? value : {});

/** The resource comes in a header; a body read again later, or a test, still tells by its data. */
function resourceOf(data: JsonObject, context: ReadContext): string {
  const named = context.wire.headers['sentry-hook-resource'];
  if (named) return named;
  if (data.metric_alert !== undefined) return 'metric_alert';
  if (data.event !== undefined) return 'event_alert';
  return data.issue !== undefined ? 'issue' : 'other';
}

/** Issue id for issues and event alerts, so that `issue.resolved` closes what `event_alert` opened. */
function read(body: JsonValue, context: ReadContext): Reading {
  if (!isObject(body) || !isObject(body.data)) return unreadable('“data” is missing: this is not a Sentry webhook.');
  const { data } = body;
  const action = textOf(body.action);
  switch (resourceOf(data, context)) {
    case 'event_alert':
      return eventAlert(object(data.event), textOf(data.triggered_rule), context);
    case 'metric_alert':
      return metricAlert(data, action, context);
    case 'issue':
      return issue(object(data.issue), action, context);
    default:
      // Comments, installations and single errors are stored and mean nothing to people on call.
      return nothing;
  }
}

function eventAlert(event: JsonObject, rule: string, context: ReadContext): Reading {
  const id = textOf(event.issue_id) || textOf(event.event_id);
  if (id === '') return unreadable('data.event.issue_id is missing');
  const tags = Array.isArray(event.tags)
    ? event.tags.map((tag) => (Array.isArray(tag) ? `${textOf(tag[0])}:${textOf(tag[1])}` : textOf(tag)))
    : [];
  return one(
    {
      action: 'trigger',
      key: `issue:${id}`,
      title: textOf(event.title) || textOf(event.message) || rule || 'Sentry alert',
      severity: event.level,
      description: textOf(event.culprit) || textOf(event.message),
      source: 'Sentry',
      labels: { ...labelsOfTags(tags), ...(rule ? { rule } : {}) },
      details: { culprit: event.culprit ?? null, platform: event.platform ?? null, rule },
      links: [
        { href: event.web_url, text: 'Sentry' },
        { href: event.issue_url, text: 'Issue' },
      ],
      startedAt: event.datetime,
    },
    context,
  );
}

function metricAlert(data: JsonObject, action: string, context: ReadContext): Reading {
  const alert = object(data.metric_alert);
  const id = textOf(alert.id);
  if (id === '') return unreadable('data.metric_alert.id is missing');
  return one(
    {
      action: action === 'resolved' ? 'resolve' : 'trigger',
      key: `metric:${id}`,
      title: textOf(data.description_title) || textOf(alert.title) || 'Sentry metric alert',
      severity: action,
      description: data.description_text,
      source: 'Sentry',
      details: alert,
      links: [{ href: data.web_url, text: 'Sentry' }],
      startedAt: alert.date_started,
    },
    context,
  );
}

function issue(about: JsonObject, action: string, context: ReadContext): Reading {
  const id = textOf(about.id);
  if (id === '') return unreadable('data.issue.id is missing');
  const effects: Record<string, 'trigger' | 'resolve' | 'acknowledge'> = {
    created: 'trigger',
    unresolved: 'trigger',
    resolved: 'resolve',
    archived: 'resolve',
    ignored: 'resolve',
    assigned: 'acknowledge',
  };
  const effect = effects[action];
  if (!effect) return nothing;
  return one(
    {
      action: effect,
      key: `issue:${id}`,
      title: textOf(about.title) || 'Sentry issue',
      severity: about.level,
      description: about.culprit,
      source: 'Sentry',
      labels: { project: textOf(object(about.project).slug), short_id: textOf(about.shortId) },
      details: { metadata: about.metadata ?? null, count: about.count ?? null },
      links: [{ href: about.web_url ?? about.permalink, text: 'Sentry' }],
      startedAt: about.firstSeen,
    },
    context,
  );
}

export const sentry: Family = {
  kind: 'sentry',
  title: 'Sentry',
  description: 'An internal integration of Sentry with webhooks for issues, alerts and metric alerts.',
  topic: 'Errors and checks',
  doors: doorsAt('/integrations/v1/sentry').filter(({ path }) => path.includes(':key')),
  headers: ['sentry-hook-resource', 'request-id'],
  options: [
    {
      name: 'clientSecret',
      label: 'Client secret',
      help: 'Of the internal integration in Sentry. Until it is set, nothing is accepted: anybody could pretend to be Sentry.',
      secret: true,
    },
  ],
  keyOf: (post: Post) => post.params.key,
  verify: (ctx, post, { clientSecret }) =>
    clientSecret
      ? checkHmac(ctx, post, {
          header: 'sentry-hook-signature',
          secret: clientSecret,
          timeHeader: post.headers['sentry-hook-timestamp'] === undefined ? undefined : 'sentry-hook-timestamp',
        })
      : { ok: false, why: 'The client secret of Sentry is not set on this integration' },
  read: (body, _purpose, context) => read(body, context),
  accepted: (_purpose, reading, signalId) => taken(reading, signalId, 200),
  snippets: ({ url, key }) => [
    {
      title: 'Sentry: Settings → Developer settings → New internal integration',
      language: 'text',
      text: `Webhook URL: ${url}/integrations/v1/sentry/${key}/
Permissions: Issue & Event: Read. Webhooks: issue. Alert rule action: on.
Then copy the client secret into the options of this integration.
`,
    },
  ],
  sample: (action, { name, url }) => ({
    action: action === 'trigger' ? 'warning' : 'resolved',
    installation: { uuid: 'evenkeel-test' },
    data: {
      metric_alert: { id: 'evenkeel-test', title: testText(name).title },
      description_title: testText(name).title,
      description_text: testText(name).text,
      web_url: url,
    },
    actor: { type: 'application', id: 'sentry', name: 'Sentry' },
  }),
};
