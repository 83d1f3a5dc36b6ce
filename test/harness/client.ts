/** A small HTTP client for tests: JSON in and out, never throws on a status. */

export interface WebAnswer {
  status: number;
  body: any;
  text: string;
  headers: Headers;
}

export interface WebClient {
  get(path: string, headers?: Record<string, string>): Promise<WebAnswer>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<WebAnswer>;
  put(path: string, body?: unknown, headers?: Record<string, string>): Promise<WebAnswer>;
  patch(path: string, body?: unknown, headers?: Record<string, string>): Promise<WebAnswer>;
  delete(path: string, headers?: Record<string, string>): Promise<WebAnswer>;
  /** Any method, any body bytes. */
  send(method: string, path: string, body?: string | Uint8Array, headers?: Record<string, string>): Promise<WebAnswer>;
}

export function client(base: string, always: Record<string, string>): WebClient {
  const send: WebClient['send'] = async (method, path, body, headers = {}) => {
    const answer = await fetch(base + path, {
      method,
      headers: { ...always, ...headers },
      body: (body ?? null) as string | null,
      redirect: 'manual',
    });
    const text = await answer.text();
    const isJson = /[/+]json\b/.test(answer.headers.get('content-type') ?? '');
    return {
      status: answer.status,
      text,
      body: isJson && text !== '' ? JSON.parse(text) : undefined,
      headers: answer.headers,
    };
  };
  const withJson =
    (method: string) =>
    (path: string, body?: unknown, headers: Record<string, string> = {}) =>
      body === undefined
        ? send(method, path, undefined, headers)
        : send(method, path, JSON.stringify(body), { 'content-type': 'application/json', ...headers });
  return {
    send,
    get: (path, headers) => send('GET', path, undefined, headers),
    post: withJson('POST'),
    put: withJson('PUT'),
    patch: withJson('PATCH'),
    delete: (path, headers) => send('DELETE', path, undefined, headers),
  };
}
