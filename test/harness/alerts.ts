/** Ways to send alerts in tests as real senders do. */
import { readFileSync } from 'node:fs';
import { configureIntegration } from '../../src/signals/commands/configureIntegration.ts';
import { createIntegration } from '../../src/signals/commands/createIntegration.ts';
import type { WebAnswer } from './client.ts';
import type { House } from './house.ts';

export interface Sender {
  id: string;
  key: string;
  /** Posts a JSON value, text or bytes to the family's door. */
  post(body: unknown, headers?: Record<string, string>): Promise<WebAnswer>;
}

/** A PagerDuty integration; `event` fills in what a client always sends. */
export async function pagerduty(house: House, options: { serviceId?: string; name?: string } = {}) {
  const { integration, key } = await createIntegration(await house.ctx('manager'), {
    kind: 'pagerduty',
    name: options.name ?? 'Shop',
    serviceId: options.serviceId,
  });
  const post: Sender['post'] = (body, headers) => send(house, '/v2/enqueue', body, headers);
  const event = (
    action: 'trigger' | 'acknowledge' | 'resolve',
    dedupKey: string | undefined,
    payload: Record<string, unknown> = {},
    headers?: Record<string, string>,
  ) =>
    post(
      {
        routing_key: key,
        event_action: action,
        dedup_key: dedupKey,
        payload: { summary: 'Checkout is slow', source: 'checkout-1', severity: 'critical', ...payload },
      },
      headers,
    );
  return { id: integration.id, key, post, event };
}

/** An Alertmanager integration, key in the Authorization header as `http_config` sends it. */
export async function alertmanager(house: House, options: { serviceId?: string; name?: string } = {}): Promise<Sender> {
  const { integration, key } = await createIntegration(await house.ctx('manager'), {
    kind: 'alertmanager',
    name: options.name ?? 'Prometheus',
    serviceId: options.serviceId,
  });
  return {
    id: integration.id,
    key,
    post: (body, headers) =>
      send(house, '/integrations/v1/alertmanager', body, { authorization: `Bearer ${key}`, ...headers }),
  };
}

function send(house: House, path: string, body: unknown, headers: Record<string, string> = {}): Promise<WebAnswer> {
  const bytes = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  return house.anonymous.send('POST', path, bytes, { 'content-type': 'application/json', ...headers });
}

/** A recorded body of `test/fixtures`. */
export const fixture = (name: string) => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8');

/** An integration of any kind, with what its owner sets. */
export async function connected(
  house: House,
  kind: string,
  options: Record<string, string> = {},
): Promise<{ id: string; key: string }> {
  const ctx = await house.ctx('manager');
  const { integration, key } = await createIntegration(ctx, { kind, name: `${kind} here` });
  if (Object.keys(options).length > 0) await configureIntegration(ctx, { id: integration.id, options });
  return { id: integration.id, key };
}
