/** A small real HTTP server that keeps every request and answers what it is told: the receiving end of webhooks. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedRequest {
  method: string;
  /** Path with query. */
  path: string;
  headers: IncomingHttpHeaders;
  /** The body exactly as it came. */
  rawBody: string;
  /** The body parsed as JSON, or undefined when it is not JSON. */
  json: unknown;
}

export interface SinkAnswer {
  status?: number;
  headers?: Record<string, string>;
  body?: string | object;
  /** Real milliseconds to wait before answering. */
  delayMs?: number;
  /** Cut the connection without an answer, after the request was kept. */
  hangUp?: boolean;
}

export interface Sink {
  /** `http://127.0.0.1:<port>` */
  url: string;
  requests: ReceivedRequest[];
  /** Decides about every later request. Without an argument: 200 `{"ok":true}`. */
  answer(decide?: (request: ReceivedRequest) => SinkAnswer | Promise<SinkAnswer>): void;
  clear(): void;
  close(): Promise<void>;
}

/** Starts an HTTP sink on a free loopback port (or the port given). */
export async function openSink(port = 0): Promise<Sink> {
  let decide: (request: ReceivedRequest) => SinkAnswer | Promise<SinkAnswer> = () => ({});
  const requests: ReceivedRequest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const rawBody = Buffer.concat(chunks).toString('utf8');
    const received: ReceivedRequest = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      rawBody,
      json: parse(rawBody),
    };
    requests.push(received);
    const { status = 200, headers = {}, body = { ok: true }, delayMs = 0, hangUp } = await decide(received);
    if (delayMs) await new Promise((resolve) => setTimeout(resolve, delayMs));
    if (hangUp) return void request.socket.destroy();
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    response.writeHead(status, {
      'content-type': typeof body === 'string' ? 'text/plain' : 'application/json',
      ...headers,
    });
    response.end(text);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answer(next) {
      decide = next ?? (() => ({}));
    },
    clear() {
      requests.length = 0;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
