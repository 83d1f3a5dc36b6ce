/** Grafana's contact point “webhook” (wire-apis 3.5), at OnCall's addresses as well: Alertmanager's body with more links, signed when a secret is set. */
import { read as readAlertmanager } from '../alertmanager/read.ts';
import type { Family, Reading } from '../family.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import { anyKey } from '../keys.ts';
import { checkHmac } from '../signature.ts';
import { doorsAt, taken } from '../simple.ts';
import { linksOf, type Marks } from '../text.ts';
import { sample, snippets } from './snippets.ts';

/** Alertmanager's reading, and the links that only Grafana has. */
function read(body: JsonValue, context: Parameters<typeof readAlertmanager>[1]): Reading {
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
  doors: [...doorsAt('/integrations/v1/grafana'), ...doorsAt('/integrations/v1/grafana_alerting')],
  options: [
    {
      name: 'hmacSecret',
      label: 'HMAC secret',
      help: 'The secret of “HMAC signature” in the contact point (Grafana 12). When set, a post without a fitting signature is refused.',
      secret: true,
    },
    {
      name: 'timestampHeader',
      label: 'Timestamp header',
      help: 'The name under “Timestamp header” there, if one is set. Posts older than five minutes are then refused.',
      problem: (value) => (/^[a-z][a-z0-9-]{1,60}$/i.test(value) ? undefined : 'The name of an HTTP header.'),
    },
  ],
  keyOf: anyKey,
  verify: (ctx, post, { hmacSecret, timestampHeader }) =>
    hmacSecret
      ? checkHmac(ctx, post, {
          header: 'x-grafana-alerting-signature',
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
