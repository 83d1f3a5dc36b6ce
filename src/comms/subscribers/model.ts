/** Addresses of subscribers in pure code: what is one, which mailbox is behind it, how it is shown. */
import { domainToASCII } from 'node:url';
import { addressFault } from '#channels';

export interface Address {
  /** What mail is sent to. */
  address: string;
  /** The same subscriber, however it is typed. */
  key: string;
  /** The mailbox behind it: `victim+anything@` is still the victim. */
  mailbox: string;
  /** `a…@example.com`. */
  hint: string;
}

/** Reads an address as somebody typed it; null when it cannot be one. */
export function readAddress(text: string): Address | null {
  const typed = text.trim().normalize('NFC');
  if (addressFault(typed) !== null) return null;
  const at = typed.lastIndexOf('@');
  const local = typed.slice(0, at);
  const domain = domainToASCII(typed.slice(at + 1)).toLowerCase();
  // A bare host name or an address literal is no place for public mail.
  if (!/^(?!-)[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z0-9-]{2,}$/.test(domain) || /^[\d.]+$/.test(domain)) return null;
  const lower = local.toLowerCase();
  return {
    address: `${local}@${domain}`,
    key: `${lower}@${domain}`,
    mailbox: `${lower.split('+')[0] || lower}@${domain}`,
    hint: `${[...local][0] ?? ''}…@${domain}`,
  };
}

/** A confirmation link works this long (milliseconds). */
export const CONFIRM_WITHIN_MS = 48 * 3_600_000;

/** True when somebody who chose these components (none = all) wants a message about those (none = all). */
export const wants = (chosen: string[], about: string[]): boolean =>
  chosen.length === 0 || about.length === 0 || about.some((id) => chosen.includes(id));
