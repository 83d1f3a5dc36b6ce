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
};

/** Headers that the vendor's clients read. There is no limit per key here, so none is reported. */
export const opsgenieHeaders = (requestId: string): Record<string, string> => ({
  'x-request-id': requestId,
  'x-response-time': '0.01',
  'x-ratelimit-state': 'OK',
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
    headers: { ...opsgenieHeaders(requestId), 'x-opsgenie-errortype': TYPES[status] ?? 'Error' },
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
const at = (name: string) => door(`/v2/alerts/:id/${name}`, name);

export const opsgenie: Family = {
  kind: 'opsgenie',
  title: 'Opsgenie Alert API',
  description:
    'Whatever sends to Opsgenie or to Jira Service Management alerts: Alertmanager, the SDKs, scripts. Heartbeats as well.',
  topic: 'On-call tools',
  doors: [
    { path: '/v2/alerts', name: 'create', purpose: 'alerts' },
    ...['close', 'acknowledge', 'unacknowledge', 'notes', 'tags', 'details', 'snooze', 'escalate', 'assign'].map(at),
    ...['teams', 'responders'].map(at),
    ...['message', 'description', 'priority'].map((name) => door(`/v2/alerts/:id/${name}`, name, 'PUT')),
    door('/v2/alerts/:id', 'delete', 'DELETE'),
  ],
  routes: () => [...opsgenieRoutes(opsgenie), ...heartbeatRoutes(opsgenie)],
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
