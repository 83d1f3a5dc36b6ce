/** From bytes to text: media type and character set. The kernel has undone gzip and br under a limit before. Throws only `BytesError`. */
import { isAscii } from 'node:buffer';

/** A body that is refused before it is read, with words for the sender. */
export class BytesError extends Error {
  readonly status = 415;
}

/** Largest body, after decompression too: 2 MiB. One Alertmanager post of 2,000 alerts fits. */
export const MAX_BODY_BYTES = 2 * 1024 * 1024;

/**
 * Refuses what can never be JSON. Lenient otherwise: text/plain, a missing type and curl's form default are read as JSON,
 * because senders in the field get this header wrong.
 */
export function checkMediaType(contentType: string | undefined): void {
  const [type = '', ...parameters] = (contentType ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  if (/(^|\/|\+)xml$/.test(type) || /^(multipart|image|audio|video)\//.test(type)) {
    throw new BytesError(`Send JSON, not ${type.slice(0, 60)}`);
  }
  const charset = parameters
    .find((p) => p.startsWith('charset='))
    ?.slice(8)
    .replaceAll('"', '');
  if (charset && /^(utf-?16|utf-?32|ucs-?2|ucs-?4)/.test(charset))
    throw new BytesError('Send UTF-8, not UTF-16 or UTF-32');
}

/** Decodes UTF-8; a byte order mark is dropped, invalid bytes become U+FFFD and set `sanitized`; UTF-16 is a 415. */
export function decodeText(bytes: Buffer): { text: string; sanitized: boolean } {
  if (looksLikeUtf16(bytes)) throw new BytesError('Send UTF-8, not UTF-16 or UTF-32');
  if (isAscii(bytes)) return { text: bytes.toString('latin1'), sanitized: false };
  try {
    return { text: STRICT.decode(bytes), sanitized: false };
  } catch {
    return { text: LENIENT.decode(bytes), sanitized: true };
  }
}
const STRICT = new TextDecoder('utf-8', { fatal: true });
const LENIENT = new TextDecoder('utf-8');

/** A byte order mark of UTF-16/32, or a NUL beside the first character: JSON in UTF-8 starts with two non-NUL bytes. */
function looksLikeUtf16(bytes: Buffer): boolean {
  const [a, b] = bytes;
  if (a === undefined || b === undefined) return false;
  return (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff) || (a === 0) !== (b === 0) || (a === 0 && b === 0);
}
