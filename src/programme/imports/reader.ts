/** Asks a vendor's API: waits when told to, tries again when it stumbles, never sends the key anywhere but to the address given. */
import { Problem } from '#kernel';
import type { Json } from './model.ts';

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}
/** One call out; the product's own guarded way, or plain `fetch` on the machine of whoever runs the program. */
export type Call = (
  url: string,
  request: { method: 'GET' | 'POST'; headers: Record<string, string>; body?: string },
) => Promise<Answer>;

export interface Progress {
  stage: string;
  done: number;
  total: number | null;
}

export interface Reader {
  /** When the reading began; windows of shifts start here. */
  now: Date;
  /** JSON at a path (or at an absolute address of the same host). Throws a Problem that says what to do. */
  get(path: string): Promise<Json>;
  post(path: string, body: unknown): Promise<Json>;
  tell(stage: string, done: number, total?: number | null): void;
}

export interface ReaderOptions {
  vendor: string;
  base: string;
  headers: Record<string, string>;
  call: Call;
  now: Date;
  tell?: (progress: Progress) => void;
  /** Real milliseconds; tests shorten them. */
  sleep?: (ms: number) => Promise<unknown>;
}

const TRIES = 8;
const LONGEST_WAIT_MS = 90_000;

/** Whether a missing right or a missing product part, so that the rest can go on without it. */
export const mayNotRead = (error: unknown): error is Problem =>
  error instanceof Problem && ['imports.forbidden', 'imports.absent'].includes(error.rule);

export function openReader(options: ReaderOptions): Reader {
  const { vendor, call, headers, sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)) } = options;
  const base = new URL(options.base.endsWith('/') ? options.base : `${options.base}/`);
  const tell = (stage: string, done: number, total: number | null = null) => options.tell?.({ stage, done, total });

  async function ask(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Json> {
    const url = new URL(/^https?:/.test(path) ? path : path.replace(/^\//, ''), base);
    // A vendor behind a proxy may say `http:` in its links; the host is what counts for the key.
    if (url.host !== base.host)
      throw new Problem(502, `${vendor} points to another host (${url.host}) for its next page`, {
        rule: 'imports.answer',
        detail: `Only ${base.host} gets the key. Give the address at which ${vendor} itself says it is.`,
      });
    url.protocol = base.protocol;
    const request = {
      method,
      headers: { accept: 'application/json', ...headers, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    };
    for (let tried = 1; ; tried++) {
      const answer = await call(url.href, request).catch((error: Error) => error);
      if (!(answer instanceof Error) && answer.status >= 200 && answer.status < 300) return parse(vendor, answer.text);
      const wait = waitFor(answer, tried, options.now);
      if (wait === undefined || tried === TRIES) throw refusal(vendor, url.pathname, answer);
      if (wait > 2000) tell(`${vendor} asks us to wait ${Math.ceil(wait / 1000)} s`, 0);
      await sleep(wait);
    }
  }
  return { now: options.now, tell, get: (path) => ask('GET', path), post: (path, body) => ask('POST', path, body) };
}

/** Milliseconds to wait before the next try; undefined when it is of no use. */
function waitFor(answer: Answer | Error, tried: number, now: Date): number | undefined {
  const backoff = Math.min(500 * 2 ** (tried - 1), 15_000);
  if (answer instanceof Error)
    return answer instanceof Problem && answer.rule !== 'egress.failed' ? undefined : tried < 4 ? backoff : undefined;
  // 420 is what some said before there was 429.
  const busy = answer.status === 429 || answer.status === 420;
  if (!busy && answer.status < 500) return undefined;
  const header = (name: string) => [answer.headers[name]].flat()[0];
  const after = header('retry-after');
  const reset = header('ratelimit-reset');
  if (after !== undefined) {
    const seconds = /^\d+(\.\d+)?$/.test(after.trim()) ? Number(after) : (Date.parse(after) - now.getTime()) / 1000;
    if (Number.isFinite(seconds)) return Math.min(Math.max(seconds, 0.05) * 1000, LONGEST_WAIT_MS);
  }
  if (busy && reset !== undefined && Number.isFinite(Number(reset)) && Number(reset) < 600)
    return Math.min(Number(reset) * 1000 + 50, LONGEST_WAIT_MS);
  if (busy) return Math.max(backoff, 2000);
  return tried < 6 ? backoff : undefined;
}

function parse(vendor: string, text: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Json;
  } catch {
    // Said below: a page of HTML is the usual case.
  }
  throw new Problem(502, `${vendor} did not answer with JSON`, {
    rule: 'imports.answer',
    detail: 'Is this the address of its API, and not of its web pages?',
  });
}

/** What went wrong, in words; the key and the vendor's own text stay out of it. */
function refusal(vendor: string, path: string, answer: Answer | Error): Problem {
  if (answer instanceof Problem) return answer;
  if (answer instanceof Error)
    return new Problem(502, `${vendor} cannot be reached`, {
      rule: 'imports.unreachable',
      detail: answer.message.slice(0, 300),
    });
  const { status } = answer;
  if (status === 401)
    return new Problem(422, `${vendor} does not accept this key`, {
      rule: 'imports.key',
      detail: 'Check that it was copied whole, is not revoked, and belongs to this address (region).',
    });
  if (status === 402 || status === 403)
    return new Problem(422, `This key may not read ${path} of ${vendor}`, {
      rule: 'imports.forbidden',
      detail: 'Give it the right to read the configuration, or make one that has it.',
    });
  if (status === 404)
    return new Problem(502, `${vendor} has nothing at ${path}`, {
      rule: 'imports.absent',
      detail: 'Is the address right? It is the one of the API.',
    });
  if (status === 429 || status === 420)
    return new Problem(502, `${vendor} still refuses because of too many requests`, {
      rule: 'imports.limit',
      detail: 'Nothing was changed. Try again in a few minutes.',
    });
  return new Problem(502, `${vendor} answered ${status} at ${path}`, {
    rule: 'imports.answer',
    detail: 'Nothing was changed. Try again later.',
  });
}
