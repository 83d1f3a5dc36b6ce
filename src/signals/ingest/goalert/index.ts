/** GoAlert's generic API: `summary`, `details`, `action=close`, `dedup`, in JSON or in the query. */
import type { Family, ReadContext, Reading } from '../family.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import { anyKey } from '../keys.ts';
import { flat, one, testText, unreadable } from '../simple.ts';
import { textOf } from '../text.ts';

function read(body: JsonValue, context: ReadContext): Reading {
  if (!isObject(body)) return unreadable('The body must be a JSON object.');
  const fields = Object.assign(Object.create(null) as JsonObject, context.wire.query, body);
  const summary = textOf(fields.summary).trim();
  const dedup = textOf(fields.dedup).trim();
  const close = textOf(fields.action).toLowerCase() === 'close';
  if (summary === '' && !(close && dedup !== '')) return unreadable('summary is required');
  const meta = flat(fields.meta);
  return one(
    {
      action: close ? 'resolve' : 'trigger',
      // GoAlert's own rule: without a dedup the same summary and details are the same alert.
      key: dedup !== '' ? dedup : `${summary}\n${textOf(fields.details)}`,
      title: summary,
      severity: meta.severity,
      description: fields.details,
      source: 'GoAlert API',
      labels: meta,
      details: isObject(fields.meta) ? fields.meta : null,
    },
    context,
  );
}

export const goalert: Family = {
  kind: 'goalert',
  title: 'GoAlert generic API',
  description: 'Scripts and tools that post to GoAlert’s generic integration key.',
  topic: 'On-call tools',
  doors: [{ path: '/api/v2/generic/incoming', purpose: 'alerts', mayBeEmpty: true }],
  headers: ['accept'],
  keyOf: anyKey,
  read: (body, _purpose, context) => read(body, context),
  accepted: (_purpose, _reading, signalId, wire) =>
    (wire.headers.accept ?? '').includes('application/json')
      ? { status: 200, body: { AlertID: signalId, ServiceID: '', IsNew: true } }
      : { status: 204, body: null },
  snippets: ({ url, key }) => [
    {
      title: 'curl',
      language: 'bash',
      text: `curl -X POST '${url}/api/v2/generic/incoming?token=${key}' -H 'Content-Type: application/json' \\
  -d '{"summary": "Checkout is slow", "details": "p99 is 4 s", "dedup": "checkout-latency"}'

# over: the same dedup with "action": "close"
`,
    },
  ],
  sample: (action, { name }) => ({
    summary: testText(name).title,
    details: testText(name).text,
    dedup: 'evenkeel-test',
    meta: { severity: 'warning' },
    ...(action === 'resolve' ? { action: 'close' } : {}),
  }),
};
