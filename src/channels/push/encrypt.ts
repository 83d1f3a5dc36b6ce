/** Encryption of a push message for one browser: RFC 8291 over RFC 8188 (`aes128gcm`), in one record. Pure. */
import { createCipheriv, createECDH, createHmac, type ECDH, randomBytes } from 'node:crypto';

/** What a browser gives out when it subscribes. */
export interface BrowserKeys {
  /** Its public key: 65 bytes of an uncompressed point on P-256, base64url. */
  p256dh: string;
  /** 16 bytes that it shares with us alone, base64url. */
  auth: string;
}

/** What is random in a message; given only to repeat the example of the standard. */
export interface Chance {
  salt: Buffer;
  sender: ECDH;
}

/** The one record of a message. Push services take 4,096 bytes of body. */
const RECORD_SIZE = 4096;
/** Bytes of text that fit: what is left of 4,096 after header (86), tag (16) and delimiter (1). */
export const MOST_BYTES = RECORD_SIZE - 86 - 16 - 1;

const fresh = (): Chance => {
  const sender = createECDH('prime256v1');
  sender.generateKeys();
  return { salt: randomBytes(16), sender };
};

const hmac = (key: Buffer, data: Buffer) => createHmac('sha256', key).update(data).digest();
/** HKDF for outputs of one block (RFC 5869 with L ≤ 32). */
const derive = (salt: Buffer, secret: Buffer, info: Buffer, length: number) =>
  hmac(hmac(salt, secret), Buffer.concat([info, Buffer.from([1])])).subarray(0, length);
const info = (what: string) => Buffer.from(`Content-Encoding: ${what}\0`, 'latin1');

/** Encrypts a text for one browser; returns the body to post. Throws when the keys are no keys or the text is too long. */
export function encrypt(text: string, keys: BrowserKeys, { salt, sender }: Chance = fresh()): Buffer {
  const receiver = Buffer.from(keys.p256dh, 'base64url');
  const plain = Buffer.from(text, 'utf8');
  if (plain.length > MOST_BYTES) throw new Error(`a push message has at most ${MOST_BYTES} bytes`);
  const own = sender.getPublicKey();
  // RFC 8291, 3.4: both public keys and the shared secret go into the key, so that neither the push service nor another subscription can stand in.
  const keyInfo = Buffer.concat([Buffer.from('WebPush: info\0', 'latin1'), receiver, own]);
  const shared = derive(Buffer.from(keys.auth, 'base64url'), sender.computeSecret(receiver), keyInfo, 32);
  const key = derive(salt, shared, info('aes128gcm'), 16);
  const nonce = derive(salt, shared, info('nonce'), 12);
  const cipher = createCipheriv('aes-128-gcm', key, nonce);
  // 2: the delimiter of the last record.
  const body = Buffer.concat([cipher.update(plain), cipher.update(Buffer.from([2])), cipher.final()]);
  const head = Buffer.alloc(21);
  salt.copy(head);
  head.writeUInt32BE(RECORD_SIZE, 16);
  head.writeUInt8(own.length, 20);
  return Buffer.concat([head, own, body, cipher.getAuthTag()]);
}

/** Whether these can be a browser's keys: a point of the curve and sixteen bytes. */
export function areKeys({ p256dh, auth }: BrowserKeys): boolean {
  const point = Buffer.from(p256dh, 'base64url');
  if (point.length !== 65 || point[0] !== 4 || Buffer.from(auth, 'base64url').length !== 16) return false;
  try {
    fresh().sender.computeSecret(point);
    return true;
  } catch {
    return false;
  }
}
