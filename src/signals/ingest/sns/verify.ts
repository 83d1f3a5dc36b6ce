/** The signature of an SNS message: RSA over its fields by name, with a certificate that only AWS can serve. */
import { createPublicKey, createVerify, type KeyObject } from 'node:crypto';
import { type Ctx, egressFetch } from '#kernel';
import type { Verdict } from '../family.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import { textOf } from '../text.ts';

/** https, AWS's own host for SNS of a region, nothing before it and no other port. */
export function isAmazonUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, port, username } = new URL(text);
  return (
    protocol === 'https:' &&
    port === '' &&
    username === '' &&
    /^sns\.[a-z0-9-]{4,30}\.amazonaws\.com(\.cn)?$/.test(hostname)
  );
}

const FIELDS: Record<string, string[]> = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
};

/** What AWS signed: each name and value on a line of its own; a subject only when there is one. */
export function signedText(body: JsonObject): string {
  const fields = FIELDS[textOf(body.Type) === 'Notification' ? 'Notification' : 'SubscriptionConfirmation']!;
  return fields
    .filter((name) => body[name] !== undefined && body[name] !== null)
    .map((name) => `${name}\n${textOf(body[name])}\n`)
    .join('');
}

/** Certificates by address: they change about once a year. */
const known = new Map<string, KeyObject>();

/** Keeps a key for an address, as if it had been fetched from there. */
export function keepKey(url: string, pem: string): KeyObject {
  const key = createPublicKey(pem);
  if (known.size > 50) known.clear();
  known.set(url, key);
  return key;
}

async function keyAt(ctx: Ctx, url: string): Promise<KeyObject> {
  const cached = known.get(url);
  if (cached) return cached;
  const answer = await egressFetch(ctx, url, { purpose: 'certificate of Amazon SNS', timeoutMs: 5000 });
  if (answer.status !== 200) throw new Error(`AWS answered ${answer.status}`);
  return keepKey(url, answer.text);
}

/** Good: signed by AWS. `MessageId` makes a repeat of it have no second effect. */
export async function verifySns(ctx: Ctx, body: JsonValue | undefined): Promise<Verdict> {
  // A body that cannot be read at all is said to be that, and is not a question of signatures.
  if (!isObject(body)) return { ok: true };
  const url = textOf(body.SigningCertURL ?? body.SigningCertUrl);
  if (!isAmazonUrl(url)) return { ok: false, why: 'SigningCertURL does not lead to sns.<region>.amazonaws.com' };
  const algorithm = { 1: 'RSA-SHA1', 2: 'RSA-SHA256' }[textOf(body.SignatureVersion)];
  if (!algorithm) return { ok: false, why: 'SignatureVersion must be 1 or 2' };
  const signature = textOf(body.Signature);
  if (!/^[A-Za-z0-9+/]{40,2000}={0,2}$/.test(signature))
    return { ok: false, why: 'Signature is missing or not base64' };
  let key: KeyObject;
  try {
    key = await keyAt(ctx, url);
  } catch (error) {
    return { ok: false, why: `The certificate of AWS could not be had: ${(error as Error).message}` };
  }
  const good = createVerify(algorithm).update(signedText(body)).verify(key, signature, 'base64');
  if (!good) return { ok: false, why: 'Signature does not fit the message' };
  return { ok: true, messageId: `sns:${textOf(body.MessageId)}` };
}
