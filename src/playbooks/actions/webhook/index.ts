/** Connector `webhook`: one signed call (Standard Webhooks) to a named target. Never sent twice on a guess. */

import { z } from 'zod';
import { type Ctx, egressFetch, hmacSha256, notFound, Problem } from '#kernel';
import { getUrl } from '../../probes/http.ts';
import type { ActionCall, Connector, ReadBack, Sent } from '../contract.ts';
import { simulator } from './simulator.ts';
import { secretOf, targetByName, type WebhookTargetRow } from './store.ts';

const body = z.record(z.string().max(100), z.unknown());
const params = z.strictObject({
  target: z.string().min(1).max(63),
  body: body.default({}),
  /** Sent to take the effect back; without it there is no undo. */
  undo_body: body.optional(),
});

/** Headers of a Standard Webhooks message (standardwebhooks.com): id, time, and `v1,` + base64 HMAC of `id.time.body`. */
export function signed(secret: string, id: string, at: Date, text: string): Record<string, string> {
  const time = String(Math.floor(at.getTime() / 1000));
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const mac = hmacSha256(key, `${id}.${time}.${text}`).toString('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': time,
    'webhook-signature': `v1,${mac}`,
  };
}

async function targetOf(ctx: Ctx, call: Pick<ActionCall, 'params'>): Promise<WebhookTargetRow> {
  const { target } = params.parse(call.params);
  const found = await targetByName(ctx.db, target);
  if (!found) throw notFound('Webhook target', target);
  return found;
}

export const webhook: Connector = {
  name: 'webhook',
  title: 'Signed webhooks',
  actions: {
    'webhook.call': {
      title: 'Call a webhook',
      params,
      risk: 'compensable',
      hint: '{target: deploy-pipeline, body: {event: roll_back}}',
      manual: (given) => `Do by hand what the target "${String(given.target)}" would have done.`,
    },
  },
  health: async (ctx, given) => {
    if (!given) return { ok: true, detail: 'targets are made in the settings' };
    const { target } = params.parse(given);
    const found = await targetByName(ctx.db, target);
    return found
      ? { ok: true, detail: hostOf(found.url) }
      : {
          ok: false,
          detail: `there is no webhook target "${target}": make it in the settings`,
        };
  },
  real: {
    plan: async (ctx, call) => {
      const target = await targetOf(ctx, call);
      const given = params.parse(call.params);
      return {
        targets: [`${target.name} (${hostOf(target.url)})`],
        effect: `${target.description ? `${target.description}: sends` : 'Sends'} one signed POST to ${target.url}: ${JSON.stringify(given.body).slice(0, 300)}`,
        collateral: [],
        undo: given.undo_body
          ? `Sends a second call: ${JSON.stringify(given.undo_body).slice(0, 200)}`
          : 'Cannot be taken back by the product.',
        reversible: given.undo_body !== undefined,
        noop: false,
      };
    },
    apply: async (ctx, call) => post(ctx, call, call.key, params.parse(call.params).body),
    read: readBack,
    undo: async (ctx, call) => {
      const undoBody = params.parse(call.params).undo_body;
      if (!undoBody)
        return {
          result: 'refused',
          message: 'this call has no undo; do by hand what takes it back',
        };
      return post(ctx, call, `${call.key}/undo`, undoBody);
    },
  },
  simulator,
};

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url);

/** Sends once. What is certain is told as accepted or refused; everything else is `unknown` and is not sent again. */
async function post(ctx: Ctx, call: ActionCall, id: string, message: Record<string, unknown>): Promise<Sent> {
  const target = await targetOf(ctx, call);
  const text = JSON.stringify({
    ...message,
    evenkeel: {
      incident: call.incident.key,
      action: call.actionRunId,
      key: id,
      fence: call.fence,
    },
  });
  try {
    const answer = await egressFetch(ctx, target.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'idempotency-key': id,
        'x-evenkeel-fence': String(call.fence),
        ...signed(secretOf(target), id, ctx.now, text),
      },
      body: text,
      timeoutMs: call.timeoutMs,
      purpose: 'action',
    });
    return judged(answer.status, answer.text);
  } catch (error) {
    return whatFailed(error);
  }
}

/** 2xx was taken. A 4xx refused before doing anything. A 5xx or a redirect may have done part of it: unknown. */
export function judged(status: number, text: string): Sent {
  const response = { status, body: text.slice(0, 2_000) };
  if (status >= 200 && status < 300) return { result: 'accepted', response };
  if (status >= 400 && status < 500)
    return {
      result: 'refused',
      message: `the target answered ${status}`,
      response,
    };
  return {
    result: 'unknown',
    message: `the target answered ${status}, so it is not known what it did`,
    response,
  };
}

const neverConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
]);

/** Refused by our own guard or never connected: certainly nothing was sent. Anything later: unknown. */
export function whatFailed(error: unknown): Sent {
  const message = (error as Error).message;
  if (error instanceof Problem && error.rule !== 'egress.failed') return { result: 'refused', message };
  const code = (error as { cause?: { code?: string } }).cause?.code ?? '';
  return neverConnected.has(code) ? { result: 'refused', message } : { result: 'unknown', message };
}

/** Asks the target's read address about the key: 200 with `{"applied": true|false}`, anything else is unreadable. */
async function readBack(ctx: Ctx, call: ActionCall): Promise<ReadBack> {
  const target = await targetOf(ctx, call);
  if (!target.readUrl) return 'unreadable';
  const url = new URL(target.readUrl);
  url.searchParams.set('key', call.key);
  const answer = await getUrl(ctx, url.href, call.timeoutMs, 'action read-back');
  if ('error' in answer || answer.status !== 200) return 'unreadable';
  try {
    const { applied } = JSON.parse(answer.text) as { applied?: unknown };
    return applied === true ? 'applied' : applied === false ? 'not_applied' : 'unreadable';
  } catch {
    return 'unreadable';
  }
}
