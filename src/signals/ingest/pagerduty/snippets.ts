/** What to change in PagerDuty clients, and the body of a test alert. */
import type { SetUp, Snippet } from '../family.ts';
import type { JsonValue } from '../json.ts';

export function snippets({ url, key }: SetUp): Snippet[] {
  const host = url.replace(/^https?:\/\//, '');
  return [
    {
      title: 'curl',
      language: 'bash',
      text: `curl -X POST ${url}/v2/enqueue \\
  -H 'Content-Type: application/json' \\
  -d '{
    "routing_key": "${key}",
    "event_action": "trigger",
    "dedup_key": "checkout-latency",
    "payload": { "summary": "Checkout is slow", "source": "checkout-1", "severity": "critical" }
  }'
`,
    },
    {
      title: 'Alertmanager, pagerduty_configs',
      language: 'yaml',
      text: `receivers:
  - name: evenkeel
    pagerduty_configs:
      - url: ${url}/v2/enqueue
        routing_key: ${key}
        send_resolved: true
`,
    },
    {
      title: 'Go, github.com/PagerDuty/go-pagerduty',
      language: 'go',
      text: `client := pagerduty.NewClient("", pagerduty.WithV2EventsAPIEndpoint("${url}"))
_, err := client.ManageEventWithContext(ctx, &pagerduty.V2Event{
	RoutingKey: "${key}",
	Action:     "trigger",
	DedupKey:   "checkout-latency",
	Payload: &pagerduty.V2Payload{
		Summary: "Checkout is slow", Source: "checkout-1", Severity: "critical",
	},
})
`,
    },
    {
      title: `JavaScript, @pagerduty/pdjs${url.startsWith('https:') ? '' : ' (speaks https only: put a TLS proxy in front)'}`,
      language: 'js',
      text: `import { event } from '@pagerduty/pdjs';

await event({
  server: '${host}',
  data: {
    routing_key: '${key}',
    event_action: 'trigger',
    dedup_key: 'checkout-latency',
    payload: { summary: 'Checkout is slow', source: 'checkout-1', severity: 'critical' },
  },
});
`,
    },
  ];
}

export function sample(action: 'trigger' | 'resolve', setUp: SetUp, at: Date): JsonValue {
  return {
    routing_key: setUp.key,
    event_action: action,
    dedup_key: 'evenkeel-test',
    payload: {
      summary: `Test alert from “${setUp.name}”`,
      source: 'Evenkeel',
      severity: 'warning',
      timestamp: at.toISOString(),
      custom_details: { note: 'Somebody pressed the test button in Evenkeel. Nothing is broken.' },
    },
  };
}
