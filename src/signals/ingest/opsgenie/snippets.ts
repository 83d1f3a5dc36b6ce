/** What to change in Opsgenie's clients, and the body of a test alert. */
import type { SetUp, Snippet, Wire } from '../family.ts';
import type { JsonValue } from '../json.ts';

export function snippets({ url, key }: SetUp): Snippet[] {
  const host = url.replace(/^https?:\/\//, '');
  return [
    {
      title: 'Alertmanager, opsgenie_configs',
      language: 'yaml',
      text: `receivers:
  - name: evenkeel
    opsgenie_configs:
      - api_url: ${url}/
        api_key: ${key}
        priority: '{{ if eq .CommonLabels.severity "critical" }}P1{{ else }}P3{{ end }}'
        send_resolved: true
`,
    },
    {
      title: 'curl',
      language: 'bash',
      text: `curl -X POST ${url}/v2/alerts \\
  -H 'Authorization: GenieKey ${key}' -H 'Content-Type: application/json' \\
  -d '{"message": "Checkout is slow", "alias": "checkout-latency", "priority": "P1"}'

curl -X POST '${url}/v2/alerts/checkout-latency/close?identifierType=alias' \\
  -H 'Authorization: GenieKey ${key}' -H 'Content-Type: application/json' -d '{}'
`,
    },
    {
      title: 'Go, github.com/opsgenie/opsgenie-go-sdk-v2',
      language: 'go',
      text: `alertClient, err := alert.NewClient(&client.Config{
	ApiKey:         "${key}",
	OpsGenieAPIURL: "${host}",
})
`,
    },
    {
      title: 'Heartbeat of a cron job: an alert when it does not come',
      language: 'bash',
      text: `curl -X POST ${url}/v2/heartbeats -H 'Authorization: GenieKey ${key}' -H 'Content-Type: application/json' \\
  -d '{"name": "nightly-backup", "interval": 25, "intervalUnit": "hours", "enabled": true}'

# at the end of the job
curl ${url}/v2/heartbeats/nightly-backup/ping -H 'Authorization: GenieKey ${key}'
`,
    },
  ];
}

export function sample(action: 'trigger' | 'resolve', setUp: SetUp, _at: Date): JsonValue {
  if (action === 'resolve') return { user: 'Evenkeel', note: 'The test is over.' };
  return {
    message: `Test alert from “${setUp.name}”`,
    alias: 'evenkeel-test',
    description: 'Somebody pressed the test button in Evenkeel. Nothing is broken.',
    priority: 'P3',
    source: 'Evenkeel',
  };
}

export const sampleWire = (action: 'trigger' | 'resolve'): Partial<Wire> =>
  action === 'trigger' ? {} : { door: 'close', params: { id: 'evenkeel-test' }, query: { identifierType: 'alias' } };
