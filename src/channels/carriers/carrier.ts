/** The one shape of every phone carrier: two ways to send, one way to read what it calls back with. */
import type { Ctx } from '#kernel';
import type { Outcome } from '../model.ts';

export interface PhoneMessage {
  /** The delivery's id; it comes back in every receipt. */
  id: string;
  /** E.164: `+4915112345678`. */
  to: string;
  text: string;
  /** For calls: the signed token that a pressed key answers with; absent, no key is asked for. */
  token?: string | undefined;
}

/** A callback as it arrived: the exact bytes, and the path it was sent to, which some signatures cover. */
export interface Callback {
  /** `receipt`, `text` or `key`: the third part of the path. */
  what: string;
  /** The fourth part: a delivery's id, or the token of a page. */
  about: string;
  /** Path with query, as received. */
  path: string;
  headers: Record<string, string | string[] | undefined>;
  rawBody: Buffer;
}

/** What a callback says. `key` names it once and for all, so that a second one has no second effect. */
export type Heard =
  | { kind: 'receipt'; key: string; deliveryId: string; state: ReceiptState; error?: string | undefined }
  | { kind: 'text'; key: string; from: string; text: string }
  | { kind: 'key'; key: string; digits: string; token: string }
  | { kind: 'nothing' };

export type ReceiptState = 'sent' | 'delivered' | 'undeliverable';

/** Words to answer a caller with, in the carrier's own notation. */
export interface Spoken {
  type: string;
  body: string;
}

export interface Carrier {
  name: string;
  label: string;
  sms(ctx: Ctx, message: PhoneMessage): Promise<Outcome>;
  call(ctx: Ctx, message: PhoneMessage): Promise<Outcome>;
  /** Checks the signature over the raw bytes. Undefined: not from this carrier (401). */
  read(ctx: Ctx, callback: Callback): Promise<Heard | undefined>;
  /** What is said after a key was pressed; then the call ends. */
  say(text: string): Spoken;
}

/** Text safe inside XML: spoken as words, never read as an instruction. */
export const escapeXml = (text: string) =>
  text
    .replace(/[^\P{Cc}\n]/gu, ' ')
    .replace(/[&<>"']/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' })[c] ?? c);

/** One header's value; a header that came twice is none. */
export const header = (callback: Callback, name: string): string => {
  const value = callback.headers[name];
  return typeof value === 'string' ? value : '';
};
