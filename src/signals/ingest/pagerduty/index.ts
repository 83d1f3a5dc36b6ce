/** PagerDuty Events API v2 and the older v1 on the vendor's real paths (wire-apis 3.1): clients change one host name and nothing else. */
import type { Answer, Family, Post } from '../family.ts';
import { isObject } from '../json.ts';
import { read } from './read.ts';
import { readV1 } from './v1.ts';
import { sample, snippets } from './snippets.ts';

/** `routing_key` of the body, else the header `X-Routing-Key`; in a body that is not JSON, what looks like one. */
function keyOf(post: Post): string | undefined {
  if (isObject(post.body)) {
    for (const key of [post.body.routing_key, post.body.service_key]) if (typeof key === 'string') return key;
  }
  const header = post.headers['x-routing-key'];
  if (typeof header === 'string') return header;
  // Cut in the middle, the sender can still be known, so that its owner learns of it (bad-input row 2).
  return post.body === undefined ? /"(?:routing|service)_key"\s*:\s*"([^"\\]{1,200})"/.exec(post.text)?.[1] : undefined;
}

function refused(status: number, title: string, errors: string[]): Answer {
  const unreadable = status === 400 && errors[0]?.startsWith('JSON parse error');
  return {
    status,
    body: unreadable
      ? { status: 'Unrecognized object', message: 'Event object format is unrecognized', errors }
      : status === 400
        ? { status: 'invalid event', message: 'Event object is invalid', errors }
        : { status: 'refused', message: title, errors },
  };
}

export const pagerduty: Family = {
  kind: 'pagerduty',
  title: 'PagerDuty Events API v2',
  description:
    'Any client or tool that can send PagerDuty events and lets you change the host: go-pagerduty, pdjs, Alertmanager, Terraform, scripts.',
  topic: 'On-call tools',
  doors: [
    { path: '/v2/enqueue', purpose: 'alerts' },
    { path: '/v2/change/enqueue', purpose: 'changes' },
    { path: '/generic/2010-04-15/create_event.json', purpose: 'alerts', name: 'v1' },
  ],
  keyOf,
  read: (body, purpose, context) => (context.wire.door === 'v1' ? readV1(body, context) : read(body, purpose, context)),
  accepted: (purpose, reading, _signalId, wire) =>
    wire.door === 'v1'
      ? { status: 200, body: { status: 'success', message: 'Event processed', incident_key: reading.key } }
      : purpose === 'changes'
        ? { status: 202, body: { status: 'success', message: 'Change event processed' } }
        : { status: 202, body: { status: 'success', message: 'Event processed', dedup_key: reading.key } },
  refused,
  // Clients of v1 know 403 as “too many” and come again; 429 they give up on.
  atDoor: (answer, door) => (door === 'v1' && answer.status === 429 ? { ...answer, status: 403 } : answer),
  snippets,
  sample,
};
