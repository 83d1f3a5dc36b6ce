/** What the channels that speak plain HTTP share: one call out through the guard, and what its answer means. */
import { type Ctx, type EgressAnswer, type EgressRequest, egressFetch, Problem } from '#kernel';
import { headerText, type Outcome } from './model.ts';

const TIMEOUT_MS = 15_000;
type Failed = Extract<Outcome, { state: 'failed' }>;

/** Sends JSON and hands the answer to `read`; a call that got none is tried again, an address that may not be called is not. */
export function postJson(
  ctx: Ctx,
  url: string,
  parts: { body: unknown; headers?: Record<string, string>; purpose: string },
  read: (answer: EgressAnswer) => Outcome,
): Promise<Outcome> {
  const headers = { 'content-type': 'application/json; charset=utf-8', ...parts.headers };
  return call(ctx, url, { method: 'POST', headers, body: JSON.stringify(parts.body), purpose: parts.purpose }, read);
}

/** Sends a form, as some carriers want it. */
export function postForm(
  ctx: Ctx,
  url: string,
  parts: { body: Record<string, string | string[]>; headers?: Record<string, string>; purpose: string },
  read: (answer: EgressAnswer) => Outcome,
): Promise<Outcome> {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(parts.body)) for (const one of [value].flat()) form.append(name, one);
  const headers = { 'content-type': 'application/x-www-form-urlencoded', ...parts.headers };
  return call(ctx, url, { method: 'POST', headers, body: form.toString(), purpose: parts.purpose }, read);
}

async function call(
  ctx: Ctx,
  url: string,
  request: EgressRequest,
  read: (answer: EgressAnswer) => Outcome,
): Promise<Outcome> {
  try {
    return read(await egressFetch(ctx, url, { timeoutMs: TIMEOUT_MS, maxBytes: 16_384, ...request }));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { state: 'failed', error: headerText(error.message), permanent: error.rule === 'egress.url' };
  }
}

/** An answer that is no success. 429 and 5xx may be better later; other 4xx will not. */
export function refusedBy(who: string, { status, headers }: EgressAnswer, why = ''): Failed {
  const wish = Number(headers['retry-after']);
  return {
    state: 'failed',
    error: headerText(`${who} answered ${status}${why ? `: ${why}` : ''}`),
    permanent: status >= 400 && status < 500 && status !== 408 && status !== 429,
    ...(status === 429 ? { busy: true } : {}),
    ...(Number.isFinite(wish) && wish > 0 ? { retryAfterSeconds: wish } : {}),
  };
}

/** Any 2xx is a delivery. */
export const anySuccess =
  (who: string) =>
  (answer: EgressAnswer): Outcome =>
    answer.status >= 200 && answer.status < 300
      ? { state: 'delivered' }
      : refusedBy(who, answer, answer.text.slice(0, 200));

/** A JSON object, or an empty one. */
export function jsonOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
