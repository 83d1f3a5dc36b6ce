/** Vonage: messages and calls by JSON under a token signed with the application's key; callbacks carry a token over the body's hash. */
import { createSign } from 'node:crypto';
import { config, type Ctx, type EgressAnswer, hmacSha256, newId, readSetting, sameText, sha256hex } from '#kernel';
import { jsonOf, postJson, refusedBy } from '../../http.ts';
import type { Outcome } from '../../model.ts';
import {
  type Callback,
  type Carrier,
  escapeXml,
  type Heard,
  header,
  type PhoneMessage,
  type ReceiptState,
} from '../carrier.ts';
import { vonageSetting } from '../index.ts';

const STATES: Record<string, ReceiptState> = {
  submitted: 'sent',
  delivered: 'delivered',
  read: 'delivered',
  rejected: 'undeliverable',
  undeliverable: 'undeliverable',
  answered: 'delivered',
  completed: 'delivered',
  busy: 'undeliverable',
  timeout: 'undeliverable',
  unanswered: 'undeliverable',
  failed: 'undeliverable',
  cancelled: 'undeliverable',
};
const WORDS: Record<string, string> = {
  busy: 'the line was busy',
  timeout: 'nobody picked up',
  unanswered: 'nobody picked up',
};
/** How far a callback's time may be from ours, seconds. */
const WINDOW_S = 300;

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const address = (what: string, about: string) => `${config.publicUrl}/answers/vonage/${what}/${about}`;
/** Vonage writes numbers without the plus sign. */
const bare = (number: string) => number.replace(/^\+/, '');

function bearer(ctx: Ctx, applicationId: string, privateKey: string): string {
  const iat = Math.floor(ctx.now.getTime() / 1000);
  const signed = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ application_id: applicationId, iat, exp: iat + 300, jti: newId('jti') })}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(privateKey, 'base64url')}`;
}

async function submit(ctx: Ctx, path: string, bodyOf: (from: string) => object): Promise<Outcome> {
  const account = await readSetting(ctx, vonageSetting);
  if (account === null) return { state: 'failed', error: 'Vonage is not configured', permanent: true };
  const headers = { authorization: `Bearer ${bearer(ctx, account.applicationId, account.privateKey)}` };
  return postJson(
    ctx,
    `${account.api}/v1/${path}`,
    { purpose: `vonage ${path}`, body: bodyOf(bare(account.from)), headers },
    read,
  );
}

function read(answer: EgressAnswer): Outcome {
  const body = jsonOf(answer.text);
  const remoteId = body.message_uuid ?? body.uuid;
  if (answer.status >= 200 && answer.status < 300 && typeof remoteId === 'string')
    return { state: 'sent', remoteId, carrier: 'vonage' };
  const why = [body.title, body.detail].filter((one) => typeof one === 'string').join(': ');
  return { ...refusedBy('Vonage', answer, why), permanent: answer.status === 400 || answer.status === 422 };
}

const talk = (text: string) => ({ action: 'talk', text: `<speak>${escapeXml(text)}</speak>`, bargeIn: true });

/** What is said when somebody picks up. With a token, a key is listened for. */
export function nccoOf({ text, token }: Pick<PhoneMessage, 'text' | 'token'>): object[] {
  if (token === undefined) return [talk(text), talk(text)];
  const input = {
    action: 'input',
    type: ['dtmf'],
    dtmf: { maxDigits: 1, timeOut: 8 },
    eventUrl: [address('key', token)],
  };
  return [talk(`${text} Press 1 to take this page.`), input];
}

/** True when the token was made by Vonage for exactly these bytes, within five minutes. */
export function tokenFits(token: string, secret: string, rawBody: Buffer, now: Date): boolean {
  const [head = '', body = '', mac = '', more] = token.split('.');
  if (more !== undefined) return false;
  const header = jsonOf(Buffer.from(head, 'base64url').toString('utf8'));
  if (header.alg !== 'HS256' || !sameText(mac, hmacSha256(secret, `${head}.${body}`).toString('base64url')))
    return false;
  const { iat, payload_hash } = jsonOf(Buffer.from(body, 'base64url').toString('utf8'));
  if (typeof iat !== 'number' || Math.abs(now.getTime() / 1000 - iat) > WINDOW_S) return false;
  return typeof payload_hash === 'string' && sameText(payload_hash.toLowerCase(), sha256hex(rawBody));
}

const text = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

function heard({ what, about }: Callback, body: Record<string, unknown>): Heard {
  if (what === 'text')
    return {
      kind: 'text',
      key: `vonage:text:${text(body.message_uuid)}`,
      from: `+${bare(text(body.from))}`,
      text: text(body.text),
    };
  if (what === 'key') {
    const { digits } = (body.dtmf ?? {}) as { digits?: unknown };
    return { kind: 'key', key: `vonage:key:${text(body.uuid)}`, digits: text(digits), token: about };
  }
  const status = text(body.status);
  const state = STATES[status];
  if (what !== 'receipt' || !state) return { kind: 'nothing' };
  const { title } = (body.error ?? {}) as { title?: unknown };
  const error = WORDS[status] ?? `Vonage says ${status}${title ? `, ${text(title)}` : ''}`;
  const id = text(body.message_uuid ?? body.uuid);
  const deliveryId = about || text(body.client_ref);
  return {
    kind: 'receipt',
    key: `vonage:receipt:${id}:${status}`,
    deliveryId,
    state,
    ...(state === 'undeliverable' ? { error } : {}),
  };
}

export const vonage: Carrier = {
  name: 'vonage',
  label: 'Vonage',
  sms: (ctx, { id, to, text: words }) =>
    submit(ctx, 'messages', (from) => ({
      message_type: 'text',
      channel: 'sms',
      to: bare(to),
      from,
      text: words,
      client_ref: id,
      webhook_url: address('receipt', id),
    })),
  call: (ctx, message) =>
    submit(ctx, 'calls', (from) => ({
      to: [{ type: 'phone', number: bare(message.to) }],
      from: { type: 'phone', number: from },
      ncco: nccoOf(message),
      ringing_timer: 30,
      event_url: [address('receipt', message.id)],
      event_method: 'POST',
    })),
  async read(ctx, callback) {
    const account = await readSetting(ctx, vonageSetting);
    if (account === null) return undefined;
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/.exec(header(callback, 'authorization'))?.[1] ?? '';
    if (!tokenFits(token, account.signatureSecret, callback.rawBody, ctx.now)) return undefined;
    return heard(callback, jsonOf(callback.rawBody.toString('utf8')));
  },
  say: (words) => ({
    type: 'application/json; charset=utf-8',
    body: JSON.stringify(words ? [{ action: 'talk', text: `<speak>${escapeXml(words)}</speak>` }] : []),
  }),
};
