/** Uptime Kuma's push monitors: a GET or POST with `status`, `msg` and `ping`. With a heartbeat called `push`, silence is an alert too. */
import { ping } from '../../monitors/heartbeats/ping.ts';
import { heartbeatByName } from '../../monitors/heartbeats/store.ts';
import type { Door, Family, ReadContext, Reading } from '../family.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import { plainEvent, testText, unreadable } from '../simple.ts';
import { textOf } from '../text.ts';

function read(body: JsonValue, context: ReadContext): Reading {
  if (!isObject(body)) return unreadable('The query or body must hold status, msg and ping.');
  const fields = Object.assign(Object.create(null) as JsonObject, context.wire.query, body);
  const status = textOf(fields.status).toLowerCase() || 'up';
  if (status !== 'up' && status !== 'down') return unreadable('status must be up or down');
  const message = textOf(fields.msg);
  const event = plainEvent(
    {
      action: status === 'down' ? 'trigger' : 'resolve',
      key: 'push',
      title: message === '' || message === 'OK' ? 'Push monitor reports down' : message,
      source: 'Push',
      labels: fields.ping === undefined ? null : { ping: textOf(fields.ping) },
      details: fields,
    },
    context,
  );
  return { ok: true, events: [event], changes: [], key: 'push', act: status };
}

const door = (method: Door['method']): Door => ({
  path: '/api/push/:key',
  purpose: 'alerts',
  mayBeEmpty: true,
  ...(method ? { method } : {}),
});

export const uptimekuma: Family = {
  kind: 'uptimekuma',
  title: 'Uptime Kuma push',
  description: 'Jobs and scripts that call the push URL of an Uptime Kuma monitor.',
  topic: 'Errors and checks',
  doors: [door('POST'), door('GET')],
  keyOf: (post) => post.params.key,
  read: (body, _purpose, context) => read(body, context),
  act: async (ctx, integration, status) => {
    if (status === 'up' && (await heartbeatByName(ctx, integration.id, 'push')))
      await ping(ctx, integration.id, 'push');
  },
  accepted: () => ({ status: 200, body: { ok: true } }),
  refused: (status, title, errors) => ({
    status: status === 401 ? 404 : status,
    body: { ok: false, msg: status === 401 ? 'Monitor not found or not active.' : (errors[0] ?? title) },
  }),
  snippets: ({ url, key }) => [
    {
      title: 'The push URL',
      language: 'bash',
      text: `curl '${url}/api/push/${key}?status=up&msg=OK&ping='
curl '${url}/api/push/${key}?status=down&msg=Backup+failed'

# To be told when it stops calling, make a heartbeat called “push” for this integration (POST /api/v1/heartbeats).
`,
    },
  ],
  sample: (action, { name }) => ({ status: action === 'trigger' ? 'down' : 'up', msg: testText(name).title }),
};
