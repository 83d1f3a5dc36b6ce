/** An emergency notice: words for customers, signed by its writer's own key, so that it needs neither database nor product. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson, newId, Problem, sha256hex } from '#kernel';

const FORMAT = 'evenkeel/emergency-notice@1';
const instant = z.iso.datetime({ offset: true });

/**
 * What is signed. `ends` names an earlier notice that is over; then the texts say why. `writtenAt` is the writer's clock.
 * The signature is Ed25519 (RFC 8032) over the canonical JSON of all other fields.
 */
const body = z.strictObject({
  format: z.literal(FORMAT),
  id: z.string().regex(/^emg_[a-z0-9]{26}$/),
  /** First 16 hexadecimal digits of the SHA-256 of the public key (SPKI, DER). */
  key: z.string().regex(/^[0-9a-f]{16}$/),
  headline: z.string().trim().min(3).max(120),
  text: z.string().trim().max(1200),
  nextUpdateBy: instant.nullable(),
  writtenAt: instant,
  ends: z
    .string()
    .regex(/^emg_[a-z0-9]{26}$/)
    .nullable(),
});
export type NoticeBody = z.infer<typeof body>;

const signed = body.extend({ signature: z.string().max(120) });
export type SignedNotice = z.infer<typeof signed>;

/** A key that may speak for the organisation when nothing else can. */
export interface EmergencyKey {
  id: string;
  name: string;
  /** SPKI, PEM. */
  publicKey: string;
}

const spki = (key: KeyObject) => key.export({ type: 'spki', format: 'der' });
const idOf = (key: KeyObject): string => sha256hex(spki(key)).slice(0, 16);

/** A new pair: the private half (PKCS #8, PEM) is for the writer alone. */
export function newEmergencyKey(): { id: string; publicKey: string; privateKey: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return {
    id: idOf(publicKey),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }) as string,
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
}

const wrongKey = (): Problem =>
  new Problem(422, 'This is not an emergency key', {
    rule: 'comms.emergency_key',
    detail: 'It is the text from “-----BEGIN PRIVATE KEY-----” on that the product showed once when the key was made.',
  });

/** Signs words with a private key in PEM. Throws a Problem (422) for anything that is no such key. */
export function signNotice(
  words: { headline: string; text: string; nextUpdateBy: Date | null; ends?: string },
  privateKey: string,
  now: Date,
): SignedNotice {
  let key: KeyObject;
  try {
    key = createPrivateKey(privateKey);
  } catch {
    throw wrongKey();
  }
  if (key.asymmetricKeyType !== 'ed25519') throw wrongKey();
  const notice = body.parse({
    format: FORMAT,
    id: newId('emg'),
    key: idOf(createPublicKey(key)),
    headline: words.headline,
    text: words.text,
    nextUpdateBy: words.nextUpdateBy?.toISOString() ?? null,
    writtenAt: now.toISOString(),
    ends: words.ends ?? null,
  });
  return { ...notice, signature: sign(null, Buffer.from(canonicalJson(notice)), key).toString('base64') };
}

/** The notice and its key, or why it may not be shown. Anything that is not exactly one is refused. */
export function readNotice(
  value: unknown,
  keys: EmergencyKey[],
): { notice: SignedNotice; key: EmergencyKey } | { refused: string } {
  const read = signed.safeParse(value);
  if (!read.success) return { refused: 'this is not an emergency notice' };
  const { signature, ...notice } = read.data;
  const key = keys.find(({ id }) => id === notice.key);
  if (!key) return { refused: 'its key is not known here, or was revoked' };
  const good = verify(
    null,
    Buffer.from(canonicalJson(notice)),
    createPublicKey(key.publicKey),
    Buffer.from(signature, 'base64'),
  );
  return good ? { notice: read.data, key } : { refused: 'its signature does not fit its words' };
}

/** A notice as the public sees it. */
export interface PublicNotice {
  id: string;
  headline: string;
  text: string;
  writtenAt: Date;
  nextUpdateBy: Date | null;
}

/** What is to be shown of these notices: those that no other one ends, newest first. */
export function showing(notices: SignedNotice[]): PublicNotice[] {
  const ended = new Set(notices.flatMap(({ ends }) => ends ?? []));
  return notices
    .filter(({ id, ends }) => ends === null && !ended.has(id))
    .map(({ id, headline, text, writtenAt, nextUpdateBy }) => ({
      id,
      headline,
      text,
      writtenAt: new Date(writtenAt),
      nextUpdateBy: nextUpdateBy === null ? null : new Date(nextUpdateBy),
    }))
    .sort((a, b) => b.writtenAt.getTime() - a.writtenAt.getTime());
}
