/** Configuration for Prometheus and amtool, and the body of a test alert. */
import type { SetUp, Snippet } from '../family.ts';
import type { JsonValue } from '../json.ts';

export function snippets({ url, key }: SetUp): Snippet[] {
  const { host, protocol } = new URL(url);
  const scheme = protocol.replace(':', '');
  return [
    {
      title: 'prometheus.yml',
      language: 'yaml',
      text: `alerting:
  alertmanagers:
    - scheme: ${scheme}
      authorization:
        credentials: ${key}
      static_configs:
        - targets: ["${host}"]
`,
    },
    {
      title: 'prometheus.yml, metrics for unusual values',
      language: 'yaml',
      text: `remote_write:
  - url: ${url}/api/v1/write
    authorization:
      credentials: ${key}
    # Send only what is watched: it is Prometheus that keeps your metrics.
    write_relabel_configs:
      - source_labels: [__name__]
        regex: http_requests_total|http_request_duration_seconds_.*
        action: keep
`,
    },
    {
      title: 'amtool',
      language: 'bash',
      text: `amtool --alertmanager.url=${scheme}://evenkeel:${key}@${host} alert
amtool --alertmanager.url=${scheme}://evenkeel:${key}@${host} \\
  silence add alertname=DiskFull --duration=2h --comment='Disk is being replaced'
`,
    },
    {
      title: 'vmalert',
      language: 'bash',
      text: `vmalert -notifier.url=${url} -notifier.bearerToken=${key}\n`,
    },
  ];
}

export function sample(action: 'trigger' | 'resolve', setUp: SetUp, at: Date): JsonValue {
  return [
    {
      labels: { alertname: 'EvenkeelTest', severity: 'warning', integration: setUp.name },
      annotations: {
        summary: `Test alert from “${setUp.name}”`,
        description: 'Somebody pressed the test button in Evenkeel. Nothing is broken.',
      },
      startsAt: at.toISOString(),
      ...(action === 'resolve' ? { endsAt: at.toISOString() } : {}),
      generatorURL: setUp.url,
    },
  ];
}
