/** From bytes as received to text: media type, compression with a limit, character set. Never throws anything but `BytesError`. */
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';

/** A body that is refused before it is read: 413 or 415, with words for the sender. */
export class BytesError extends Error {
  readonly status: 413 | 415 | 400;
  constructor(status: 413 | 415 | 400, message: string) {
    super(message);
    this.status = status;
  }
}

/** Largest body, as received and again after decompression: 2 MiB. One Alertmanager post of 2,000 alerts fits. */
export const MAX_BODY_BYTES = 2 * 1024 * 1024;

const unpackers: Record<string, (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  br: promisify(brotliDecompress),
  deflate: promisify(inflate),
};

/** Undoes `Content-Encoding`, stopping at `limit` bytes so that a bomb costs no more than an ordinary body. */
export async function decompress(bytes: Buffer, encoding: string | undefined, limit = MAX_BODY_BYTES): Promise<Buffer> {
  const name = (encoding ?? '').trim().toLowerCase();
  if (name === '' || name === 'identity') {
    if (bytes.length > limit) throw new BytesError(413, tooLarge(limit));
    return bytes;
  }
  const unpack = Object.hasOwn(unpackers, name) ? unpackers[name] : undefined;
  if (!unpack) throw new BytesError(415, `Content-Encoding must be gzip, br or deflate, not ${JSON.stringify(name.slice(0, 40))}`);
  try {
    return await unpack(bytes, { maxOutputLength: limit });
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') throw new BytesError(413, tooLarge(limit));
    throw new BytesError(400, `The body is not valid ${name}`);
  }
}

const tooLarge = (limit: number) => `The body is larger than ${limit} bytes`;

/**
 * Refuses what can never be JSON. Lenient otherwise: text/plain, a missing type and curl's form default are read as JSON,
 * because senders in the field get this header wrong.
 */
export function checkMediaType(contentType: string | undefined): void {
  const [type = '', ...parameters] = (contentType ?? '').toLowerCase().split(';').map((part) => part.trim());
  if (/(^|\/|\+)xml$/.test(type) || /^(multipart|image|audio|video)\//.test(type)) {
    throw new BytesError(415, `Send JSON, not ${type.slice(0, 60)}`);
  }
  const charset = parameters.find((p) => p.startsWith('charset='))?.slice(8).replaceAll('"', '');
  if (charset && /^(utf-?16|utf-?32|ucs-?2|ucs-?4)/.test(charset)) throw new BytesError(415, 'Send UTF-8, not UTF-16 or UTF-32');
}

/** Decodes UTF-8; a byte order mark is dropped, invalid bytes become U+FFFD and set `sanitized`; UTF-16 is a 415. */
export function decodeText(bytes: Buffer): { text: string; sanitized: boolean } {
  if (looksLikeUtf16(bytes)) throw new BytesError(415, 'Send UTF-8, not UTF-16 or UTF-32');
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), sanitized: false };
  } catch {
    return { text: new TextDecoder('utf-8').decode(bytes), sanitized: true };
  }
}

/** A byte order mark of UTF-16/32, or a NUL beside the first character: JSON in UTF-8 starts with two non-NUL bytes. */
function looksLikeUtf16(bytes: Buffer): boolean {
  const [a, b] = bytes;
  if (a === undefined || b === undefined) return false;
  return (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff) || (a === 0) !== (b === 0) || (a === 0 && b === 0);
}
