/** A contact point to provision, and the body of a test alert. */
import { sample as alertmanagerSample } from '../alertmanager/snippets.ts';
import type { SetUp, Snippet } from '../family.ts';
import type { JsonValue } from '../json.ts';

export const snippets = ({ url, key }: SetUp): Snippet[] => [
  {
    title: 'provisioning/alerting/evenkeel.yaml',
    language: 'yaml',
    text: `apiVersion: 1
contactPoints:
  - orgId: 1
    name: Evenkeel
    receivers:
      - uid: evenkeel
        type: webhook
        settings:
          url: ${url}/integrations/v1/grafana
          httpMethod: POST
          authorization_scheme: Bearer
          authorization_credentials: ${key}
`,
  },
  {
    title: 'By hand: the URL of a contact point “Webhook”',
    language: 'text',
    text: `${url}/integrations/v1/grafana/${key}/\n`,
  },
];

export function sample(action: 'trigger' | 'resolve', setUp: SetUp, at: Date): JsonValue {
  const body = alertmanagerSample(action, setUp, at);
  return Object.assign(body as object, {
    version: '1',
    orgId: 1,
    title: `Test alert from “${setUp.name}”`,
    state: action === 'trigger' ? 'alerting' : 'ok',
  }) as JsonValue;
}
