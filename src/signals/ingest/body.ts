/** Bytes to a body, and a body to a reading. A family that throws is no reason to lose the post: that is said, not hidden. */
import { type Ctx, sha256hex } from '#kernel';
import type { Integration } from '../integrations/store.ts';
import { BytesError, checkMediaType, decodeText } from './bytes.ts';
import type { Door, Family, ReadContext, Reading, Wire } from './family.ts';
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

/** The query of a GET as its body, so that it is stored and read like any other post. */
export function queryBody(query: Record<string, string>): { bytes: Buffer; body: BodyReading } {
  const bytes = Buffer.from(JSON.stringify(query));
  return { bytes, body: readBody('application/json', bytes) };
}

/** What the family makes of it, at the address it came to. */
export async function readAt(
  ctx: Ctx,
  family: Family,
  integration: Integration,
  purpose: Door['purpose'],
  body: Extract<BodyReading, { ok: true }>,
  wire: Wire,
  context: Omit<ReadContext, 'sanitized' | 'wire'>,
): Promise<Reading> {
  const meant = family.prepare ? await family.prepare(ctx, integration, wire) : wire;
  return family.read(body.value, purpose, { ...context, wire: meant ?? wire, sanitized: body.sanitized });
}

/** The wire of a body that did not come over one: the test button, an exercise. */
export const wireless = (family: Family, more: Partial<Wire> = {}): Wire => ({
  door: family.doors[0]?.name ?? family.doors[0]?.path ?? '',
  params: {},
  query: {},
  headers: {},
  ...more,
});

/** The dedup key of a trigger that has none: the same whenever this signal is read. */
export const keyForSignal = (signalId: string) => sha256hex(signalId).slice(0, 32);
