/** Numbers, countries and prices, decided without touching anything. */

export interface Phone {
  countries: string[];
  dailyLimit: number;
  smsPrice: number;
  callPrice: number;
  prices: { country: string; sms: number; call: number }[];
}

/**
 * Numbers that earn money for who owns them, and satellites: never by themselves, only when the list of countries names
 * them. Premium in North America; universal, shared-cost and premium services; satellite and international networks.
 */
const COSTLY = ['+1900', '+1976', '+808', '+870', '+878', '+881', '+882', '+883', '+979'];

const longest = (to: string, prefixes: string[]) =>
  prefixes.filter((one) => to.startsWith(one)).sort((a, b) => b.length - a.length)[0];

/** Why nothing goes to this number, or null. */
export function countryFault(to: string, countries: string[]): string | null {
  const named = longest(to, countries);
  const costly = longest(to, COSTLY);
  if (costly && (named === undefined || named.length < costly.length))
    return `numbers under ${costly} cost more than a message; an administrator may allow them by name`;
  if (countries.length === 0 || named !== undefined) return null;
  return `messages go to ${countries.join(', ')} only; an administrator may add a country`;
}

/** The entry of the longest country code that this number begins with. */
export function byCountry<T extends { country: string }>(to: string, entries: T[]): T | undefined {
  const found = longest(
    to,
    entries.map(({ country }) => country),
  );
  return entries.find(({ country }) => country === found);
}

/** Letters of the alphabet that phones agreed on; others make every part of an SMS shorter. */
const GSM = /^[\n\r !"#$%&'()*+,\-./0-9:;<=>?@A-Z_a-z£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà]*$/;

/** How many parts a carrier makes of a text, and bills. */
export function partsOf(text: string): number {
  const [one, many, length] = GSM.test(text) ? [160, 153, text.length] : [70, 67, text.length];
  return length <= one ? 1 : Math.ceil(length / many);
}

/** Thousandths, whole. */
export const millis = (amount: number) => Math.round(amount * 1000);

/** What a message costs by the prices that were entered, in thousandths. */
export function priceOf(
  phone: Phone,
  { channel, to, text }: { channel: 'sms' | 'voice'; to: string; text: string },
): number {
  const own = byCountry(to, phone.prices);
  if (channel === 'voice') return millis(own?.call ?? phone.callPrice);
  return millis((own?.sms ?? phone.smsPrice) * partsOf(text));
}
