/** A small phone company that speaks the HTTP of Twilio and of Vonage: takes messages and calls, sends receipts, answers and pressed keys with their signatures. */
import { createHash, createHmac, createVerify, generateKeyPairSync } from 'node:crypto';
import { openSink, type ReceivedRequest, type SinkAnswer } from './sink.ts';

export interface Taken {
  carrier: 'twilio' | 'vonage';
  kind: 'sms' | 'call';
  id: string;
  to: string;
  /** The words of an SMS; the instructions of a call (TwiML, or the NCCO as JSON). */
  text: string;
  /** Where receipts go. */
  receiptUrl: string;
}

const TWILIO = { accountSid: `AC${'0'.repeat(31)}1`, authToken: 'auth-token-of-the-account' };
const VONAGE = { applicationId: 'app-0001', signatureSecret: 'signature-secret' };
const keys = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

export type Carrier = Awaited<ReturnType<typeof openCarrier>>;

/** `now`: the clock that signed callbacks carry. */
export async function openCarrier(now: () => Promise<Date>) {
  const sink = await openSink();
  const taken: Taken[] = [];
  let refuse: ((request: ReceivedRequest) => SinkAnswer | undefined) | undefined;
  let told: ((one: Taken) => void) | undefined;
  let count = 0;

  const take = (one: Omit<Taken, 'id'> & { id?: string }): Taken => {
    count += 1;
    const id = one.id ?? `${one.kind === 'sms' ? 'SM' : 'CA'}${String(count).padStart(32, '0')}`;
    const whole = { ...one, id };
    taken.push(whole);
    told?.(whole);
    return whole;
  };
  const twilio = (request: ReceivedRequest): SinkAnswer => {
    const basic = `Basic ${Buffer.from(`${TWILIO.accountSid}:${TWILIO.authToken}`).toString('base64')}`;
    if (request.headers.authorization !== basic)
      return { status: 401, body: { code: 20003, message: 'Authenticate', more_info: '', status: 401 } };
    const form = new URLSearchParams(request.rawBody);
    const to = form.get('To') ?? '';
    if (!/^\+[1-9]\d{6,14}$/.test(to))
      return { status: 400, body: { code: 21211, message: `Invalid 'To' Phone Number: ${to}`, status: 400 } };
    const isSms = request.path.endsWith('/Messages.json');
    const text = form.get(isSms ? 'Body' : 'Twiml') ?? '';
    const { id } = take({
      carrier: 'twilio',
      kind: isSms ? 'sms' : 'call',
      to,
      text,
      receiptUrl: form.get('StatusCallback') ?? '',
    });
    return {
      status: 201,
      body: { sid: id, status: 'queued', to, from: form.get('From'), account_sid: TWILIO.accountSid },
    };
  };
  const vonage = (request: ReceivedRequest): SinkAnswer => {
    const [head = '', claims = '', mac = ''] = (request.headers.authorization ?? '').replace('Bearer ', '').split('.');
    const fits = createVerify('RSA-SHA256').update(`${head}.${claims}`).verify(keys.publicKey, mac, 'base64url');
    if (!fits)
      return { status: 401, body: { title: 'Unauthorized', detail: 'You did not provide correct credentials.' } };
    const body = request.json as any;
    count += 1;
    const id = `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`;
    if (request.path === '/v1/messages') {
      take({ carrier: 'vonage', kind: 'sms', id, to: `+${body.to}`, text: body.text, receiptUrl: body.webhook_url });
      return { status: 202, body: { message_uuid: id } };
    }
    take({
      carrier: 'vonage',
      kind: 'call',
      id,
      to: `+${body.to[0].number}`,
      text: JSON.stringify(body.ncco),
      receiptUrl: body.event_url[0],
    });
    return {
      status: 201,
      body: { uuid: id, status: 'started', direction: 'outbound', conversation_uuid: `CON-${id}` },
    };
  };
  sink.answer(
    (request) => refuse?.(request) ?? (request.path.startsWith('/2010-04-01/') ? twilio(request) : vonage(request)),
  );

  /** Posts a form as Twilio does. */
  const postTwilio = async (url: string, fields: Record<string, string>, more: { signature?: string } = {}) => {
    const text =
      url +
      Object.keys(fields)
        .sort()
        .map((name) => name + fields[name])
        .join('');
    const signature = more.signature ?? createHmac('sha1', TWILIO.authToken).update(text).digest('base64');
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signature };
    const answer = await fetch(url, { method: 'POST', headers, body: new URLSearchParams(fields).toString() });
    return { status: answer.status, text: await answer.text() };
  };
  /** Posts JSON as Vonage does. */
  const postVonage = async (url: string, body: object, more: { iat?: unknown; tamper?: boolean } = {}) => {
    const raw = JSON.stringify(body);
    const iat = more.iat ?? Math.floor((await now()).getTime() / 1000);
    const payload_hash = createHash('sha256').update(raw).digest('hex');
    const signed = `${base64url({ alg: 'HS256', typ: 'JWT' })}.${base64url({ iat, jti: 'j', iss: 'Vonage', payload_hash, api_key: 'k' })}`;
    const token = `${signed}.${createHmac('sha256', VONAGE.signatureSecret).update(signed).digest('base64url')}`;
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const answer = await fetch(url, { method: 'POST', headers, body: more.tamper ? `${raw} ` : raw });
    return { status: answer.status, text: await answer.text() };
  };

  return {
    /** What a person enters under the settings of the two carriers. */
    twilio: { ...TWILIO, from: '+15005550006', api: sink.url },
    vonage: { ...VONAGE, privateKey: keys.privateKey, from: '+447700900000', api: sink.url },
    taken,
    requests: sink.requests,
    refuse: (decide?: typeof refuse) => {
      refuse = decide;
    },
    /** Is told of every message that was taken, before it is answered. */
    onTaken: (listen: (one: Taken) => void) => {
      told = listen;
    },
    /** The newest SMS or call to a number. */
    last: (kind: Taken['kind'], to: string) => taken.findLast((one) => one.kind === kind && one.to === to),
    clear: () => void taken.splice(0),
    postTwilio,
    postVonage,
    /** A receipt in the carrier's own words: `delivered`, `undelivered`, `no-answer` … */
    receipt: (one: Taken, status: string) =>
      one.carrier === 'twilio'
        ? postTwilio(
            one.receiptUrl,
            one.kind === 'sms'
              ? { MessageSid: one.id, MessageStatus: status, To: one.to }
              : { CallSid: one.id, CallStatus: status, To: one.to },
          )
        : postVonage(
            one.receiptUrl,
            one.kind === 'sms'
              ? { message_uuid: one.id, status, channel: 'sms', to: one.to }
              : { uuid: one.id, status, direction: 'outbound' },
          ),
    /** An SMS from a phone. The same `id` again is the same SMS. */
    text: (carrier: Taken['carrier'], base: string, from: string, text: string, id = `in-${Math.random()}`) =>
      carrier === 'twilio'
        ? postTwilio(`${base}/answers/twilio/text`, { MessageSid: id, From: from, To: '+15005550006', Body: text })
        : postVonage(`${base}/answers/vonage/text`, {
            message_uuid: id,
            from: from.slice(1),
            to: '447700900000',
            text,
            channel: 'sms',
            message_type: 'text',
          }),
    /** A key pressed during a call. */
    press: (call: Taken, digits: string) => {
      if (call.carrier === 'vonage') {
        const url = JSON.parse(call.text).find((step: any) => step.action === 'input').eventUrl[0];
        return postVonage(url, {
          uuid: call.id,
          dtmf: { digits, timed_out: false },
          conversation_uuid: `CON-${call.id}`,
        });
      }
      const action = /action="([^"]+)"/.exec(call.text)?.[1]?.replaceAll('&amp;', '&') ?? '';
      return postTwilio(action, { CallSid: call.id, Digits: digits, CallStatus: 'in-progress' });
    },
    close: sink.close,
  };
}
