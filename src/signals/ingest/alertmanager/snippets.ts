/** Configuration to copy into Alertmanager, and the body of a test alert. */
import type { SetUp, Snippet } from '../family.ts';
import type { JsonValue } from '../json.ts';

export function snippets({ url, key }: SetUp): Snippet[] {
  return [
    {
      title: 'alertmanager.yml',
      language: 'yaml',
      text: `receivers:
  - name: evenkeel
    webhook_configs:
      - url: ${url}/integrations/v1/alertmanager
        send_resolved: true
        http_config:
          authorization:
            credentials: ${key}

route:
  receiver: evenkeel
  group_by: [alertname, service]
  group_wait: 10s
  group_interval: 1m
  repeat_interval: 1h
`,
    },
    {
      title: 'Senders that cannot set a header: the key in the URL',
      language: 'yaml',
      text: `webhook_configs:
  - url: ${url}/integrations/v1/alertmanager/${key}
    send_resolved: true
`,
    },
  ];
}

export function sample(action: 'trigger' | 'resolve', setUp: SetUp, at: Date): JsonValue {
  const labels = { alertname: 'EvenkeelTest', severity: 'warning', integration: setUp.name };
  const annotations = {
    summary: `Test alert from “${setUp.name}”`,
    description: 'Somebody pressed the test button in Evenkeel. Nothing is broken.',
  };
  const status = action === 'trigger' ? 'firing' : 'resolved';
  return {
    version: '4',
    groupKey: '{}:{alertname="EvenkeelTest"}',
    truncatedAlerts: 0,
    status,
    receiver: 'evenkeel',
    groupLabels: { alertname: 'EvenkeelTest' },
    commonLabels: labels,
    commonAnnotations: annotations,
    externalURL: setUp.url,
    alerts: [
      {
        status,
        labels,
        annotations,
        startsAt: at.toISOString(),
        endsAt: action === 'trigger' ? '0001-01-01T00:00:00Z' : at.toISOString(),
        generatorURL: '',
        fingerprint: 'evenkeel-test',
      },
    ],
  };
}
