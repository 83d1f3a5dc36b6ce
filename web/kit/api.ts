/** Calls an endpoint of the contract. Types come from the contract; nothing is generated. */

import type { z } from 'zod';
import type { Endpoint, ProblemBody } from '#contract/core';
import { observeServerTime } from './clock.ts';
import { earlyAnswer } from './early.ts';

export type AnyEndpoint = Endpoint<any, any, any, any>;

type Part<K extends string, V> = [V] extends [undefined]
  ? { [k in K]?: undefined }
  : Record<never, never> extends V
    ? { [k in K]?: V }
    : { [k in K]: V };

/** What a caller gives: `params`, `query` and `body`, each only where the endpoint asks for it. */
export type InputOf<E extends AnyEndpoint> = Part<'params', z.input<E['params']>> &
  Part<'query', z.input<E['query']>> &
  Part<'body', z.input<E['body']>>;
export type OutputOf<E extends AnyEndpoint> = z.output<E['response']>;

/** A refusal with everything a person needs to act on it. `problem` is the server's problem+json, unchanged. */
export class ProblemError extends Error {
  readonly problem: ProblemBody;
  constructor(problem: ProblemBody) {
    super(problem.title);
    this.name = 'ProblemError';
    this.problem = problem;
  }
  get status(): number {
    return this.problem.status;
  }
}

/** Any thrown value as a problem, so that screens have one shape to show. */
export function asProblem(error: unknown): ProblemBody {
  if (error instanceof ProblemError) return error.problem;
  const detail = error instanceof Error ? error.message : String(error);
  return {
    type: 'about:blank',
    title: 'Something in this page failed',
    status: 0,
    detail,
    rule: 'console.page',
  };
}

const signedOutListeners = new Set<() => void>();
/** Counts up with every sign-in: an answer to what was asked before the last one says nothing about the session of now. */
let session = 0;
/** Told when the server says that nobody is signed in any more. Returns the way to stop listening. */
export function onSignedOut(listener: () => void): () => void {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

/**
 * Calls `endpoint`. Resolves with its answer, rejects with `ProblemError`: the server's own problem, or
 * `console.offline` when it could not be reached (then nothing is known to have been saved).
 */
export async function call<E extends AnyEndpoint>(
  endpoint: E,
  input?: InputOf<E>,
  options: { signal?: AbortSignal } = {},
): Promise<OutputOf<E>> {
  const { params, query, body } = (input ?? {}) as {
    params?: Fields;
    query?: Fields;
    body?: unknown;
  };
  const url = urlOf(endpoint.path, params, query);
  const asked = session;
  const early = endpoint.method === 'GET' ? await earlyAnswer(url) : undefined;
  const request: RequestInit = {
    method: endpoint.method,
    credentials: 'same-origin',
    signal: options.signal,
    headers: {
      accept: 'application/json',
      'x-evenkeel': '1', // a foreign site cannot set it: this is the guard against forged requests
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  };
  const response = early ?? (await send(url, request));
  observeServerTime(response.headers.get('x-evenkeel-time') ?? response.headers.get('date'));
  if (!response.ok) {
    const problem = await problemOf(response);
    if (response.status === 401 && endpoint.access !== 'public' && asked === session)
      for (const listener of signedOutListeners) listener();
    throw new ProblemError(problem);
  }
  if (endpoint.id === 'security.signIn') session += 1;
  if (response.status === 204) return undefined as OutputOf<E>;
  return (await response.json()) as OutputOf<E>;
}

type Fields = Record<string, unknown>;

/** The address of an endpoint: `:name` filled from `params`, empty query fields left out, lists repeated. */
export function urlOf(path: string, params: Fields = {}, query: Fields = {}): string {
  const filled = path.replace(/:([A-Za-z]\w*)/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined || value === null) throw new Error(`The address ${path} needs "${name}"`);
    return encodeURIComponent(String(value));
  });
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null && one !== '') search.append(name, String(one));
    }
  }
  const text = search.toString();
  return text ? `${filled}?${text}` : filled;
}

async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ProblemError({
      type: 'about:blank',
      title: 'Evenkeel cannot be reached',
      status: 0,
      detail: 'Check your network and try again. If you were changing something, look whether it was saved first.',
      rule: 'console.offline',
    });
  }
}

async function problemOf(response: Response): Promise<ProblemBody> {
  const requestId = response.headers.get('x-request-id') ?? undefined;
  try {
    const body = (await response.json()) as Partial<ProblemBody>;
    if (typeof body.title === 'string') {
      return {
        type: 'about:blank',
        requestId,
        ...body,
        title: body.title,
        status: response.status,
      };
    }
  } catch {
    // Not a problem document: a proxy in between has answered.
  }
  return {
    type: 'about:blank',
    title: `The server answered ${response.status} ${response.statusText}`.trim(),
    status: response.status,
    detail: 'The answer did not come from Evenkeel itself. A proxy in front of it may be at fault. Try again shortly.',
    rule: 'console.unreadable_answer',
    requestId,
  };
}
