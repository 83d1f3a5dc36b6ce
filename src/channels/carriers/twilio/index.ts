/** Twilio: messages and calls by form, callbacks signed with HMAC-SHA1 over the address and the sorted fields. */
import { createHmac } from 'node:crypto';
import { config, type Ctx, type EgressAnswer, readSetting, sameText } from '#kernel';
import { jsonOf, postForm, refusedBy } from '../../http.ts';
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
import { twilioSetting } from '../index.ts';

const STATES: Record<string, ReceiptState> = {
  sent: 'sent',
  delivered: 'delivered',
  read: 'delivered',
  undelivered: 'undeliverable',
  failed: 'undeliverable',
  'in-progress': 'delivered',
  completed: 'delivered',
  busy: 'undeliverable',
  'no-answer': 'undeliverable',
  canceled: 'undeliverable',
};
const WORDS: Record<string, string> = { busy: 'the line was busy', 'no-answer': 'nobody picked up' };

/** The signature Twilio puts on a form it posts: HMAC-SHA1 of the full address followed by every field, sorted by name. */
export function twilioSignature(authToken: string, url: string, fields: [string, string][]): string {
  const sorted = [...fields].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const text = url + sorted.map(([name, value]) => name + value).join('');
  return createHmac('sha1', authToken).update(text, 'utf8').digest('base64');
}

const address = (what: string, about: string) => `${config.publicUrl}/answers/twilio/${what}/${about}`;

async function submit(ctx: Ctx, path: string, body: Record<string, string | string[]>): Promise<Outcome> {
  const account = await readSetting(ctx, twilioSetting);
  if (account === null) return { state: 'failed', error: 'Twilio is not configured', permanent: true };
  const basic = Buffer.from(`${account.accountSid}:${account.authToken}`).toString('base64');
  return postForm(
    ctx,
    `${account.api}/2010-04-01/Accounts/${account.accountSid}/${path}`,
    { purpose: `twilio ${path}`, body: { From: account.from, ...body }, headers: { authorization: `Basic ${basic}` } },
    read,
  );
}

function read(answer: EgressAnswer): Outcome {
  const body = jsonOf(answer.text);
  if (answer.status === 201 && typeof body.sid === 'string')
    return { state: 'sent', remoteId: body.sid, carrier: 'twilio' };
  const why = [body.code, body.message].filter((part) => part !== undefined).join(' ');
  // A wrong password is the account's fault, not the number's: another carrier may do better.
  return { ...refusedBy('Twilio', answer, why), permanent: answer.status === 400 || answer.status === 404 };
}

const say = (text: string) => `<Say>${escapeXml(text)}</Say>`;
const response = (inner: string) => `<?xml version="1.0" encoding="UTF-8"?><Response>${inner}</Response>`;

/** What is said when somebody picks up. With a token, a key is listened for. */
export function twimlOf({ text, token }: Pick<PhoneMessage, 'text' | 'token'>): string {
  if (token === undefined) return response(`${say(text)}<Pause length="1"/>${say(text)}`);
  const to = escapeXml(address('key', token));
  const asked = `${say(text)}${say('Press 1 to take this page.')}`;
  return response(
    `<Gather numDigits="1" timeout="8" method="POST" action="${to}">${asked}${asked}</Gather>${say('No key was pressed. Good bye.')}`,
  );
}

function heard({ what, about }: Callback, fields: Record<string, string>): Heard {
  if (what === 'text')
    return { kind: 'text', key: `twilio:text:${fields.MessageSid}`, from: fields.From ?? '', text: fields.Body ?? '' };
  if (what === 'key')
    return { kind: 'key', key: `twilio:key:${fields.CallSid}`, digits: fields.Digits ?? '', token: about };
  const status = fields.MessageStatus ?? fields.CallStatus ?? '';
  const state = STATES[status];
  if (what !== 'receipt' || !state) return { kind: 'nothing' };
  const error =
    WORDS[status] ?? (fields.ErrorCode ? `Twilio says ${status}, error ${fields.ErrorCode}` : `Twilio says ${status}`);
  const id = fields.MessageSid ?? fields.CallSid ?? '';
  return {
    kind: 'receipt',
    key: `twilio:receipt:${id}:${status}`,
    deliveryId: about,
    state,
    ...(state === 'undeliverable' ? { error } : {}),
  };
}

export const twilio: Carrier = {
  name: 'twilio',
  label: 'Twilio',
  sms: (ctx, { id, to, text }) =>
    submit(ctx, 'Messages.json', { To: to, Body: text, StatusCallback: address('receipt', id) }),
  call: (ctx, message) =>
    submit(ctx, 'Calls.json', {
      To: message.to,
      Twiml: twimlOf(message),
      Timeout: '30',
      StatusCallback: address('receipt', message.id),
      StatusCallbackEvent: ['answered', 'completed'],
      StatusCallbackMethod: 'POST',
    }),
  async read(ctx, callback) {
    const account = await readSetting(ctx, twilioSetting);
    if (account === null) return undefined;
    const fields = [...new URLSearchParams(callback.rawBody.toString('utf8'))];
    const expected = twilioSignature(account.authToken, `${config.publicUrl}${callback.path}`, fields);
    if (!sameText(header(callback, 'x-twilio-signature'), expected)) return undefined;
    return heard(callback, Object.fromEntries(fields));
  },
  say: (text) => ({ type: 'text/xml; charset=utf-8', body: response(text ? `${say(text)}<Hangup/>` : '') }),
};
