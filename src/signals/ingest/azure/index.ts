/** Azure Monitor's common alert schema (wire-apis 3.9). It is not signed: the key is in the address. */
import type { Family, ReadContext, Reading } from '../family.ts';
import { isObject, type JsonValue } from '../json.ts';
import { anyKey } from '../keys.ts';
import { doorsAt, flat, one, taken, testText, unreadable } from '../simple.ts';
import { textOf } from '../text.ts';

/** Our choice: Sev0 and 1 critical, 2 error, 3 warning, 4 info. */
const SEVERITY: Record<string, string> = {
  sev0: 'critical',
  sev1: 'critical',
  sev2: 'error',
  sev3: 'warning',
  sev4: 'info',
};

function read(body: JsonValue, context: ReadContext): Reading {
  const data = isObject(body) && isObject(body.data) ? body.data : undefined;
  const essentials = data && isObject(data.essentials) ? data.essentials : undefined;
  if (!data || !essentials)
    return unreadable('“data.essentials” is missing: switch the common alert schema on in the action group.');
  const key = textOf(essentials.alertId) || textOf(essentials.originAlertId);
  if (key === '') return unreadable('data.essentials.alertId is missing');
  const items = Array.isArray(essentials.configurationItems) ? essentials.configurationItems.map(textOf) : [];
  const properties = { ...flat(data.customProperties), ...flat(essentials.customProperties) };
  return one(
    {
      action: textOf(essentials.monitorCondition).toLowerCase() === 'resolved' ? 'resolve' : 'trigger',
      key,
      title: textOf(essentials.alertRule) || 'Azure alert',
      severity: SEVERITY[textOf(essentials.severity).toLowerCase()] ?? textOf(essentials.severity),
      description: essentials.description,
      source: items[0] ?? textOf(essentials.monitoringService),
      labels: {
        signal_type: textOf(essentials.signalType),
        monitoring_service: textOf(essentials.monitoringService),
        ...(items.length > 0 ? { configuration_items: items.join(',') } : {}),
        ...properties,
      },
      details: { essentials, alertContext: data.alertContext ?? null },
      links: [
        {
          href: key.startsWith('/subscriptions/')
            ? `https://portal.azure.com/#blade/Microsoft_Azure_Monitoring_Alerts/AlertDetails.ReactView/alertId/${encodeURIComponent(key)}`
            : undefined,
          text: 'Azure portal',
        },
      ],
      startedAt: essentials.firedDateTime,
      endedAt: essentials.resolvedDateTime,
    },
    context,
  );
}

export const azure: Family = {
  kind: 'azure',
  title: 'Azure Monitor',
  description: 'An action group with a webhook that uses the common alert schema.',
  topic: 'Clouds',
  doors: doorsAt('/integrations/v1/azure'),
  keyOf: anyKey,
  read: (body, _purpose, context) => read(body, context),
  accepted: (_purpose, reading, signalId) => taken(reading, signalId, 200),
  snippets: ({ url, key }) => [
    {
      title: 'Action group → Webhook (common alert schema: yes)',
      language: 'text',
      text: `${url}/integrations/v1/azure/${key}/\n`,
    },
  ],
  sample: (action, { name }, at) => ({
    schemaId: 'azureMonitorCommonAlertSchema',
    data: {
      essentials: {
        alertId: 'evenkeel-test',
        alertRule: testText(name).title,
        severity: 'Sev3',
        signalType: 'Metric',
        monitorCondition: action === 'trigger' ? 'Fired' : 'Resolved',
        monitoringService: 'Platform',
        firedDateTime: at.toISOString(),
        description: testText(name).text,
        essentialsVersion: '1.0',
        alertContextVersion: '1.0',
      },
      alertContext: {},
    },
  }),
};
