/** Slack's Web API beyond posting a page: one call, and what its answer means for trying again. */
import { type Ctx, egressFetch, Problem } from '#kernel';
import { jsonOf } from '../http.ts';
import { headerText } from '../model.ts';
import type { SlackApp } from './post.ts';

export type SlackAnswer =
  | { ok: true; body: Record<string, unknown>; /** What the token may, when Slack says so. */ scopes?: string[] }
  | {
      ok: false;
      /** Slack's own word (`name_taken`), or what kept us from reaching it. */
      error: string;
      /** Slack answered and will answer the same again. */
      final: boolean;
      retryAfterSeconds?: number;
    };

/** Words of Slack's after which the same call may work later. */
const PASSING = new Set(['ratelimited', 'internal_error', 'fatal_error', 'service_unavailable', 'request_timeout']);

/**
 * Calls a method with a form (not every method takes JSON); values that are no text are sent as JSON. Never throws for what Slack or
 * the network did.
 */
export async function callSlack(
  ctx: Pick<Ctx, 'log'>,
  app: SlackApp,
  method: string,
  fields: Record<string, unknown>,
): Promise<SlackAnswer> {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(fields))
    if (value !== undefined) form.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  try {
    const answer = await egressFetch(ctx, `${app.api}/${method}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
        authorization: `Bearer ${app.botToken}`,
      },
      body: form.toString(),
      purpose: `slack ${method}`,
      timeoutMs: 10_000,
      maxBytes: 262_144,
    });
    const body = jsonOf(answer.text);
    if (answer.status === 200 && body.ok === true) {
      const scopes = answer.headers['x-oauth-scopes'];
      return { ok: true, body, ...(typeof scopes === 'string' ? { scopes: scopes.split(/,\s*/) } : {}) };
    }
    const wait = Number(answer.headers['retry-after']);
    const error = typeof body.error === 'string' ? headerText(body.error) : `Slack answered ${answer.status}`;
    return {
      ok: false,
      error,
      final: answer.status === 200 && !PASSING.has(error),
      ...(Number.isFinite(wait) && wait > 0 ? { retryAfterSeconds: wait } : {}),
    };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { ok: false, error: headerText(error.message), final: false };
  }
}

/** Answers where a command was typed or a button pressed; only the person who did sees it. */
export async function answerInPlace(ctx: Pick<Ctx, 'log'>, responseUrl: string, text: string): Promise<void> {
  try {
    await egressFetch(ctx, responseUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ response_type: 'ephemeral', replace_original: false, text }),
      purpose: 'slack response',
    });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    // What was asked for is done and stands in the record; only its echo is missing.
    ctx.log.info({ error: error.message }, 'an answer to a command in Slack was not delivered');
  }
}
