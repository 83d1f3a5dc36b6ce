/** Grafana's contact point “webhook” (wire-apis 3.5), at OnCall's addresses as well: Alertmanager's body with more links, signed when a secret is set. */
import { read as readAlertmanager } from '../alertmanager/read.ts';
import type { Family, ReadContext, Reading } from '../family.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import { anyKey, anySchemeKey } from '../keys.ts';
import { checkHmac } from '../signature.ts';
import { doorsAt, flat, labelsOfTags, one, taken } from '../simple.ts';
import { linksOf, type Marks, textOf } from '../text.ts';
import { beatsAt } from '../heartbeat.ts';
import { sample, snippets } from './snippets.ts';

const OVER = ['ok', 'resolved', 'normal', 'closed'];

/** A post without a list of alerts: Grafana's alerting before version 9, and what people make with a custom payload. */
function readSingle(body: JsonObject, context: ReadContext): Reading | undefined {
  const title = textOf(body.title) || textOf(body.ruleName) || textOf(body.message).split('\n')[0] || '';
  const rule = textOf(body.ruleUid) || textOf(body.ruleId);
  const given = textOf(body.fingerprint) || textOf(body.alert_uid) || textOf(body.key) || (rule && `rule:${rule}`);
  if (title.trim() === '' && given === '') return undefined;
  const plain = title.replace(/^\[[^\]]*\]\s*/, '');
  return one(
    {
      action: OVER.includes(textOf(body.state ?? body.status).toLowerCase()) ? 'resolve' : 'trigger',
      key: given || `title:${plain}`,
      title: plain || 'Grafana alert',
      severity: body.severity,
      description: body.message,
      source: 'Grafana',
      labels: {
        ...labelsOfTags(isObject(body.tags) ? undefined : body.tags),
        ...flat(body.tags),
        ...flat(body.labels),
      },
      details: body,
      links: [
        { href: body.ruleUrl ?? body.url, text: 'Rule' },
        { href: body.imageUrl, text: 'Image' },
      ],
    },
    context,
  );
}

/** Alertmanager's reading, and the links that only Grafana has. */
function read(body: JsonValue, context: ReadContext): Reading {
  if (isObject(body) && !Array.isArray(body.alerts)) {
    const single = readSingle(body, context);
    if (single) return single;
  }
  const reading = readAlertmanager(body, context);
  if (!reading.ok || !isObject(body) || !Array.isArray(body.alerts)) return reading;
  const alerts = body.alerts.filter(isObject);
  return {
    ...reading,
    events: reading.events.map((event, n) => {
      const alert: JsonObject = alerts[n] ?? {};
      const marks: Marks = new Set(event.marks);
      const links = linksOf(
        [
          { href: alert.dashboardURL, text: 'Dashboard' },
          { href: alert.panelURL, text: 'Panel' },
          { href: alert.silenceURL, text: 'Silence in Grafana' },
          { href: alert.imageURL, text: 'Image' },
        ],
        marks,
      );
      const values = alert.values ?? alert.valueString ?? null;
      return { ...event, links: [...event.links, ...links], details: { ...event.details, values }, marks: [...marks] };
    }),
  };
}

export const grafana: Family = {
  kind: 'grafana',
  title: 'Grafana Alerting',
  description: 'A contact point of the type webhook. Also takes over the addresses of Grafana OnCall for Grafana.',
  topic: 'Metrics and logs',
  doors: (['POST', 'PUT'] as const).flatMap((method) =>
    ['grafana', 'grafana_alerting'].flatMap((type) => doorsAt(`/integrations/v1/${type}`, { method })),
  ),
  routes: () => beatsAt(grafana, ['grafana', 'grafana_alerting']),
  options: [
    {
      name: 'hmacSecret',
      label: 'HMAC secret',
      help: 'The secret of “HMAC signature” in the contact point (Grafana 12). When set, a post without a fitting signature is refused.',
      secret: true,
    },
    {
      name: 'signatureHeader',
      label: 'Signature header',
      help: 'The name under “Header” there, when it is not X-Grafana-Alerting-Signature.',
      problem: (value) => (/^[a-z][a-z0-9-]{1,60}$/i.test(value) ? undefined : 'The name of an HTTP header.'),
    },
    {
      name: 'timestampHeader',
      label: 'Timestamp header',
      help: 'The name under “Timestamp header” there, if one is set. Posts older than five minutes are then refused.',
      problem: (value) => (/^[a-z][a-z0-9-]{1,60}$/i.test(value) ? undefined : 'The name of an HTTP header.'),
    },
  ],
  // The scheme in front of the credentials is free text in the contact point.
  keyOf: (post) => anyKey(post) ?? anySchemeKey(post),
  verify: (ctx, post, { hmacSecret, signatureHeader, timestampHeader }) =>
    hmacSecret
      ? checkHmac(ctx, post, {
          header: (signatureHeader || 'x-grafana-alerting-signature').toLowerCase(),
          secret: hmacSecret,
          timeHeader: timestampHeader?.toLowerCase(),
          timeIsSigned: true,
        })
      : { ok: true },
  read: (body, _purpose, context) => read(body, context),
  accepted: (_purpose, reading, signalId) => taken(reading, signalId, 200),
  snippets,
  sample,
};
