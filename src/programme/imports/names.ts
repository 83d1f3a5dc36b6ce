/** Names that fit: within our lengths, and each once however the capitals are. Pure. */
import { domainToASCII } from 'node:url';
import { cut, type Item, type Kind } from './model.ts';

const LONGEST: Record<Kind, number> = {
  user: 120,
  team: 100,
  schedule: 100,
  override: 100,
  policy: 100,
  service: 120,
  integration: 120,
  heartbeat: 200,
  component: 80,
};
/** Kinds whose names must differ from each other. */
const UNIQUE = new Set<Kind>(['team', 'schedule', 'policy', 'service']);

/** Shortens and tells apart; what was done is noted on the item. The same input always gives the same names. */
export function fitNames(items: Item[]): void {
  const taken = new Set<string>();
  for (const one of items) {
    if (one.kind === 'override' || one.refused) continue;
    const before = one.fields.name
      .replace(/[\p{Cc}\p{Cf}]/gu, ' ')
      .replace(/\s+/g, ' ')
      .trim();
    let name = cut(before || `${one.kind} ${one.sourceId}`, LONGEST[one.kind]);
    const key = () => `${one.kind}:${name.toLowerCase()}`;
    if (UNIQUE.has(one.kind) && taken.has(key())) {
      const mark = ` (${one.sourceId.replaceAll(/[^A-Za-z0-9]/g, '').slice(-6)})`;
      name = `${cut(name, LONGEST[one.kind] - mark.length)}${mark}`;
    }
    taken.add(key());
    if (name !== one.fields.name)
      one.notes.push({
        text: `It is called “${cut(one.fields.name, 130)}” there and “${name}” here.`,
        todo: 'Rename it here if you like.',
      });
    one.fields.name = name;
  }
}

/** An address as accounts are compared: lower case, the domain in its ASCII form. Empty when it is none. */
export function mailKey(address: string): string {
  const at = address.lastIndexOf('@');
  if (at < 1) return '';
  const domain = domainToASCII(address.slice(at + 1).trim());
  return domain ? `${address.slice(0, at).trim()}@${domain}`.toLowerCase() : '';
}

/** Good enough to send an invitation to; the mail server has the last word. */
export const isMail = (address: string): boolean =>
  /^[^\s@<>"(),;:]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/.test(address) && address.split('@')[1]!.includes('.');
