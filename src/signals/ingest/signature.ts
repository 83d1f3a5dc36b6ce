/** HMAC signatures as vendors send them: over the raw bytes, compared in constant time, with a window for those that carry a time. */
import { type Ctx, hmacSha256, sameText, sha256hex } from '#kernel';
import type { Post, Verdict } from './family.ts';

/** How far the sender's clock may be off (bad-input row 71). */
export const WINDOW_MS = 5 * 60_000;

export interface Signed {
  /** Header with the signature: lower-case hex of HMAC-SHA256. */
  header: string;
  secret: string;
  /** Header with the time in unix seconds, when the sender has one. */
  timeHeader?: string | undefined;
  /** The signed text begins with `<time>:`, as Grafana does it. */
  timeIsSigned?: boolean;
}

/** A header that came exactly once. */
function single(value: string | string[] | undefined): string | undefined {
  // Node joins repeated headers with a comma: two signatures are no signature.
  return typeof value === 'string' && !value.includes(',') ? value.trim() : undefined;
}

/** Refuses what is missing, malformed, old, ahead or wrong. A good one names the message, so that its replay has no second effect. */
export function checkHmac(ctx: Pick<Ctx, 'now'>, post: Post, signed: Signed): Verdict {
  const given = single(post.headers[signed.header]);
  if (given === undefined || given === '')
    return { ok: false, why: `The header ${signed.header} is missing or came twice` };
  if (!/^[0-9a-f]{64}$/.test(given)) return { ok: false, why: `${signed.header} is not the hex of an HMAC-SHA256` };
  let text: Buffer = post.bytes;
  if (signed.timeHeader) {
    const time = single(post.headers[signed.timeHeader]) ?? '';
    if (!/^\d{9,11}$/.test(time)) return { ok: false, why: `${signed.timeHeader} is not a time in seconds` };
    if (Math.abs(Number(time) * 1000 - ctx.now.getTime()) > WINDOW_MS)
      return { ok: false, why: `${signed.timeHeader} is more than five minutes away from our clock` };
    if (signed.timeIsSigned) text = Buffer.concat([Buffer.from(`${time}:`), post.bytes]);
  }
  if (!sameText(given, hmacSha256(signed.secret, text).toString('hex')))
    return {
      ok: false,
      why: `${signed.header} does not fit the body: another secret, or the body was changed on the way`,
    };
  return { ok: true, messageId: `hmac:${sha256hex(given)}` };
}
