/** One message to one browser: what the worker in it will show, encrypted and signed, posted to its push service. */
import { createHash } from 'node:crypto';
import { config, type Ctx, egressFetch, keyedHash, Problem, readSetting, sameText } from '#kernel';
import type { Envelope } from '../channel.ts';
import { endBrowser } from '../commands/endBrowser.ts';
import { headerText, type Message, type Outcome, plain } from '../model.ts';
import { refusedBy } from '../http.ts';
import { encrypt } from './encrypt.ts';
import { pushSetting } from './index.ts';
import { openBrowser, subscriptionById } from './subscriptions.ts';
import { pushKeys, vapidHeader } from './vapid.ts';

/** Seconds a push service keeps a message for a browser that is away: a page for the hour it lasts, a code for its life, the rest a day. */
const KEPT_S = { page: 3600, security: 900, other: 86_400 };
const MOST_TITLE = 120;
/** Letters of text: at most four bytes each, beside the addresses. */
const MOST_TEXT = 600;
/** The name under which carriers' receipts are counted. */
export const RECEIPTS_FROM = 'webpush';

/** What the worker reads. Kept in step with `worker.js`. */
export interface PushPayload {
  title: string;
  text: string;
  /** Notices of one page replace each other. */
  tag: string;
  /** Path of ours to open. */
  open: string;
  /** Where to say that it was shown. */
  receipt: string;
  /** Where to take the page, once, by POST. */
  take?: string;
  /** A code that proves this browser: handed to the page that waits for it. */
  code?: string;
  urgent: boolean;
}

const macOf = (deliveryId: string) => keyedHash('channels.push.receipt', deliveryId);
const receiptPath = (deliveryId: string) => `/push/receipt/${deliveryId}.${macOf(deliveryId)}`;

/** The delivery a receipt is for, or undefined when we never gave out that address. */
export function deliveryOfReceipt(token: string): string | undefined {
  const [id = '', mac = '', more] = token.split('.');
  return more === undefined && sameText(mac, macOf(id)) ? id : undefined;
}

/** The path of an address of ours; anything else becomes the list of pages. */
function pathOf(link: string | undefined): string {
  if (!link || !URL.canParse(link)) return '/pages';
  const url = new URL(link);
  return url.origin === new URL(config.publicUrl).origin ? `${url.pathname}${url.search}` : '/pages';
}

const codeOf = ({ body }: Message) =>
  body?.type === 'contact.code' ? String((body.data as { code?: unknown }).code ?? '') : undefined;

/** What one message looks like in a browser. */
export function payloadOf({
  id,
  ref,
  message,
  purpose,
}: Pick<Envelope, 'id' | 'message' | 'purpose'> & { ref: string }): PushPayload {
  const code = codeOf(message);
  const title = [...headerText(message.subject)].slice(0, MOST_TITLE).join('');
  return {
    title,
    text: plain({ ...message, subject: '' }, MOST_TEXT).trim(),
    tag: ref,
    open: code ? '/settings/contact' : pathOf(message.answer?.link),
    receipt: receiptPath(id),
    ...(message.answer ? { take: `/answers/push/take/${message.answer.token}` } : {}),
    ...(code ? { code } : {}),
    urgent: purpose === 'page',
  };
}

/** At most 32 letters of base64url: a newer message of one page replaces an older one that still waits at the push service. */
const topicOf = (ref: string) => createHash('sha256').update(ref).digest('base64url').slice(0, 32);

export async function post(ctx: Ctx, envelope: Envelope): Promise<Outcome> {
  const row = await subscriptionById(ctx.db, envelope.to);
  if (!row || row.endedAt)
    return {
      state: 'failed',
      error: `this browser is gone: ${row?.endedReason ?? 'it is not known'}`,
      permanent: true,
    };
  const { on, contact } = await readSetting(ctx, pushSetting);
  if (!on) return { state: 'failed', error: 'push is switched off', permanent: true };
  const browser = openBrowser(row);
  const ref = envelope.message.answer?.pageId ?? envelope.id;
  const subject = contact ? `mailto:${contact}` : config.publicUrl;
  const headers = {
    authorization: vapidHeader(await pushKeys(ctx), browser.endpoint, subject, ctx.now),
    'content-encoding': 'aes128gcm',
    'content-type': 'application/octet-stream',
    ttl: String(envelope.purpose === 'internal' ? KEPT_S.other : KEPT_S[envelope.purpose as 'page' | 'security']),
    urgency: 'high',
    topic: topicOf(ref),
  };
  const body = encrypt(JSON.stringify(payloadOf({ ...envelope, ref })), browser.keys);
  envelope.stillHeld?.();
  try {
    const answer = await egressFetch(ctx, browser.endpoint, {
      method: 'POST',
      headers,
      body,
      timeoutMs: 15_000,
      maxBytes: 4096,
      purpose: `push ${envelope.purpose}`,
    });
    if (answer.status >= 200 && answer.status < 300) {
      const { location } = answer.headers;
      return {
        state: 'sent',
        remoteId: typeof location === 'string' ? location.slice(0, 300) : envelope.id,
        carrier: RECEIPTS_FROM,
      };
    }
    if (answer.status === 404 || answer.status === 410) {
      const reason = `the push service answered ${answer.status}: the browser no longer takes push from here`;
      await endBrowser(ctx, { id: row.id, reason, tell: true });
      return { state: 'failed', error: reason, permanent: true };
    }
    return refusedBy(`The push service ${row.host}`, answer, answer.text.slice(0, 200));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { state: 'failed', error: headerText(error.message), permanent: error.rule === 'egress.url' };
  }
}
