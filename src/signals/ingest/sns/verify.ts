/** The signature of an SNS message: RSA over its fields by name, with a certificate that only AWS can serve. */
import { createVerify, type KeyObject, X509Certificate } from 'node:crypto';
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

interface Certificate {
  key: KeyObject;
  from: Date;
  to: Date;
}

/** Certificates by address: they change about once a year. */
const known = new Map<string, Certificate>();

/** The certificate at an address of AWS. TLS says that it is AWS who serves it; whatever is no certificate of an RSA key is none. */
async function certificateAt(ctx: Ctx, url: string): Promise<Certificate> {
  const cached = known.get(url);
  if (cached) return cached;
  const answer = await egressFetch(ctx, url, { purpose: 'certificate of Amazon SNS', timeoutMs: 5000 });
  if (answer.status !== 200) throw new Error(`AWS answered ${answer.status}`);
  const read = new X509Certificate(answer.text);
  if (read.publicKey.asymmetricKeyType !== 'rsa')
    throw new Error('what AWS serves there is not a certificate of an RSA key');
  const certificate = { key: read.publicKey, from: new Date(read.validFrom), to: new Date(read.validTo) };
  if (known.size >= 50) known.clear();
  known.set(url, certificate);
  return certificate;
}

/** Forgets what was fetched. */
export const forgetCertificates = (): void => known.clear();

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
  let certificate: Certificate;
  try {
    certificate = await certificateAt(ctx, url);
  } catch (error) {
    // SNS comes again after a 5xx and drops a 4xx for good: our own trouble must cost no alarm.
    return { ok: false, later: true, why: `The certificate of AWS could not be had: ${(error as Error).message}` };
  }
  const { key, from, to } = certificate;
  if (ctx.now < from || ctx.now > to) return { ok: false, why: 'The certificate that signed this is not valid now' };
  const good = createVerify(algorithm).update(signedText(body)).verify(key, signature, 'base64');
  if (!good) return { ok: false, why: 'Signature does not fit the message' };
  return { ok: true, messageId: `sns:${textOf(body.MessageId)}` };
}
