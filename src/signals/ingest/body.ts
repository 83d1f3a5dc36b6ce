/** Bytes to a body, and a body to a reading. A family that throws is no reason to lose the post: that is said, not hidden. */
import { sha256hex } from '#kernel';
import { BytesError, checkMediaType, decodeText } from './bytes.ts';
import type { Door, Family, ReadContext, Reading } from './family.ts';
import { JsonError, type JsonValue, readJson } from './json.ts';

export type BodyReading =
  | { ok: true; value: JsonValue; text: string; sanitized: boolean }
  | { ok: false; status: 400 | 415; error: string; text: string };

/** Reads a body strictly as JSON; says what is wrong in words for the sender. */
export function readBody(contentType: string | undefined, bytes: Buffer): BodyReading {
  let text = '';
  try {
    checkMediaType(contentType);
    const decoded = decodeText(bytes);
    text = decoded.text;
    if (text.trim() === '') return { ok: false, status: 400, error: 'JSON parse error: the body is empty', text };
    const { value, sanitized } = readJson(text);
    return { ok: true, value, text, sanitized: sanitized || decoded.sanitized };
  } catch (error) {
    if (error instanceof BytesError) return { ok: false, status: error.status, error: error.message, text };
    if (error instanceof JsonError)
      return { ok: false, status: 400, error: `JSON parse error: ${error.message}`, text };
    throw error;
  }
}

/** What the family makes of it. */
export function readWith(
  family: Family,
  purpose: Door['purpose'],
  body: Extract<BodyReading, { ok: true }>,
  context: Omit<ReadContext, 'sanitized'>,
): Reading {
  return family.read(body.value, purpose, { ...context, sanitized: body.sanitized });
}

/** The dedup key of a trigger that has none: the same whenever this signal is read. */
export const keyForSignal = (signalId: string) => sha256hex(signalId).slice(0, 32);
