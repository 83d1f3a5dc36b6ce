/** Opsgenie Alert API v2 on the vendor's real paths (wire-apis 3.2): clients change one host and keep everything else. */
import type { Answer, Door, Family, Post } from '../family.ts';
import { schemeKey } from '../keys.ts';
import { prepare } from './address.ts';
import { heartbeatRoutes } from './heartbeats.ts';
import { read } from './read.ts';
import { opsgenieRoutes } from './routes.ts';
import { sample, sampleWire, snippets } from './snippets.ts';

/** `Authorization: GenieKey …`; some older clients send `?apiKey=`. */
const keyOf = (post: Post): string | undefined => schemeKey(post, 'GenieKey') ?? (post.query.apiKey || undefined);

const TYPES: Record<number, string> = {
  400: 'BadRequest',
  401: 'AuthenticationError',
  403: 'AccessDenied',
  404: 'ResourceNotFound',
  415: 'UnsupportedMediaType',
  422: 'RequestValidationException',
  429: 'TooManyRequests',
};

/** Headers that the vendor's clients read. `refused`: the sender used up its share. */
export const opsgenieHeaders = (requestId: string, refused = false): Record<string, string> => ({
  'x-request-id': requestId,
  'x-response-time': '0.01',
  'x-ratelimit-state': refused ? 'THROTTLED' : 'OK',
  'x-ratelimit-reason': refused ? 'INTEGRATION' : '',
  'x-ratelimit-period-in-sec': '1',
});

/** A refusal as Opsgenie words it: `errors` by field where the field is known. */
export function refused(status: number, title: string, errors: string[], requestId: string): Answer {
  const fields = Object.fromEntries(
    errors.map((text) => {
      const at = text.indexOf(': ');
      return at > 0 && at < 40 && !text.startsWith('JSON parse')
        ? [text.slice(0, at), text.slice(at + 2)]
        : ['body', text];
    }),
  );
  return {
    status,
    headers: { ...opsgenieHeaders(requestId, status === 429), 'x-opsgenie-errortype': TYPES[status] ?? 'Error' },
    body: {
      message: status === 422 ? 'Request body is not processable. Please check the errors.' : title,
      ...(errors.length > 0 ? { errors: fields } : {}),
      took: 0.01,
      requestId,
    },
  };
}

const door = (path: string, name: string, method: Door['method'] = 'POST'): Door => ({
  path,
  name,
  method,
  purpose: 'alerts',
  mayBeEmpty: true,
});
/** Opsgenie's own address, and the one of its successor in Jira Service Management. */
export const BASES = ['/v2', '/jsm/ops/integration/v2'];

const AT_AN_ALERT: [name: string, method: Door['method']][] = [
  ...['close', 'acknowledge', 'unacknowledge', 'notes', 'tags', 'details', 'snooze', 'escalate', 'assign'].map(
    (name): [string, Door['method']] => [name, 'POST'],
  ),
  ['teams', 'POST'],
  ['responders', 'POST'],
  ['message', 'PUT'],
  ['description', 'PUT'],
  ['priority', 'PUT'],
];

/** The SDK for Node writes a slash at the end, the others do not. */
export const bothEnds = (path: string): string[] => [path, `${path}/`];

const doorsUnder = (base: string): Door[] =>
  alertDoors(base).flatMap((one) => bothEnds(one.path).map((path) => ({ ...one, path })));

const alertDoors = (base: string): Door[] => [
  { path: `${base}/alerts`, name: 'create', purpose: 'alerts' },
  ...AT_AN_ALERT.map(([name, method]) => door(`${base}/alerts/:id/${name}`, name, method)),
  door(`${base}/alerts/:id/actions/:action`, 'action'),
  door(`${base}/alerts/:id/tags`, 'removeTags', 'DELETE'),
  door(`${base}/alerts/:id/details`, 'removeDetails', 'DELETE'),
  door(`${base}/alerts/:id`, 'delete', 'DELETE'),
];

export const opsgenie: Family = {
  kind: 'opsgenie',
  title: 'Opsgenie Alert API',
  description:
    'Whatever sends to Opsgenie or to Jira Service Management alerts: Alertmanager, the SDKs, scripts. Heartbeats as well.',
  topic: 'On-call tools',
  doors: BASES.flatMap(doorsUnder),
  routes: () => BASES.flatMap((base) => [...opsgenieRoutes(opsgenie, base), ...heartbeatRoutes(opsgenie, base)]),
  options: [
    {
      name: 'withoutAlias',
      label: 'Without an alias',
      help: '“new”: every alert without an alias is one of its own. “message”: alerts of the same message are the same alert. Empty is “new”.',
      problem: (value) => (['new', 'message'].includes(value) ? undefined : 'Either “new” or “message”.'),
    },
  ],
  asynchronous: true,
  keyOf,
  prepare,
  read: (body, _purpose, context) => read(body, context),
  accepted: (_purpose, _reading, _signalId, wire) => ({
    status: 202,
    headers: opsgenieHeaders(wire.requestId ?? ''),
    body: { result: 'Request will be processed', took: 0.01, requestId: wire.requestId },
  }),
  refused,
  snippets,
  sample,
  sampleWire,
};
