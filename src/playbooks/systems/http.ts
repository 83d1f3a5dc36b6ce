/** Calls of administration interfaces over HTTP: what is certain is told as accepted or refused, the rest is unknown. */
import { type Ctx, egressFetch } from '#kernel';
import { whatFailed } from '../actions/webhook/index.ts';
import type { Sent } from '../actions/contract.ts';
import type { Reached } from './stateful.ts';

export interface HttpCall {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  headers?: Record<string, string>;
  body?: unknown;
  contentType?: string;
}

const urlOf = ({ system }: Pick<Reached, 'system'>, path: string): string =>
  `${system.address.replace(/\/+$/, '')}${path}`;

async function call(ctx: Ctx, reached: Reached, auth: Record<string, string>, one: HttpCall) {
  return egressFetch(ctx, urlOf(reached, one.path), {
    method: one.method,
    headers: {
      accept: 'application/json',
      ...auth,
      ...(one.body !== undefined && { 'content-type': one.contentType ?? 'application/json' }),
      ...one.headers,
    },
    ...(one.body !== undefined && { body: JSON.stringify(one.body) }),
    timeoutMs: Math.min(30_000, reached.call.timeoutMs),
    maxBytes: 1_000_000,
    purpose: 'action',
  });
}

/** Reads JSON; throws with what the target said. */
export async function getJson<T = any>(
  ctx: Ctx,
  reached: Reached,
  auth: Record<string, string>,
  path: string,
  headers: Record<string, string> = {},
): Promise<T> {
  const answer = await call(ctx, reached, auth, { method: 'GET', path, headers });
  if (answer.status < 200 || answer.status >= 300)
    throw new Error(`${reached.system.name} answered ${answer.status} ${answer.text.slice(0, 160)}`);
  return JSON.parse(answer.text) as T;
}

/** Sends once. 2xx accepted, 4xx refused before doing anything, everything else unknown. */
export async function sendJson(ctx: Ctx, reached: Reached, auth: Record<string, string>, one: HttpCall): Promise<Sent> {
  try {
    const answer = await call(ctx, reached, auth, {
      ...one,
      headers: { 'idempotency-key': reached.call.key, 'x-evenkeel-fence': String(reached.call.fence), ...one.headers },
    });
    const response = { status: answer.status };
    if (answer.status >= 200 && answer.status < 300) return { result: 'accepted', response };
    const message = `${reached.system.name} answered ${answer.status} ${answer.text.slice(0, 160)}`.trim();
    if (answer.status >= 400 && answer.status < 500 && answer.status !== 408)
      return { result: 'refused', message, response };
    return { result: 'unknown', message: `${message}, so it is not known what it did`, response };
  } catch (error) {
    return whatFailed(error);
  }
}

export const bearer = (secret: string | null): Record<string, string> =>
  secret ? { authorization: `Bearer ${secret}` } : {};
/** For addresses in which a name stands. */
export const part = (text: unknown): string => encodeURIComponent(String(text));
