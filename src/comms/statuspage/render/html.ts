/** Text into markup, safely: everything put into `html` is escaped unless it was made by `html` itself. */

/** Markup that is already safe. Only this file makes it. */
export interface Safe {
  readonly safe: string;
}

export type Part = string | number | Safe | null | undefined | false | Part[];

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
/** For HTML and XML, in text and in quoted attributes. */
export const escapeMarkup = (text: string): string =>
  visible(text).replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);

// Signs that steer or hide other text: direction overrides and isolates, zero width, line separators, controls. The
// joiners U+200C and U+200D stay, because scripts and emoji need them.
const STEERING = /[\p{Cc}\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|\p{Cs}/gu;
// More than four marks on one letter is not language but a tower.
const TOWER = /(\p{M}{4})\p{M}+/gu;

/** Shows steering signs as `[U+202E]` instead of obeying them, and cuts towers of combining marks. */
export function visible(text: string): string {
  return text
    .normalize('NFC')
    .replace(TOWER, '$1')
    .replace(STEERING, (sign) =>
      sign === '\n' || sign === '\t'
        ? sign
        : `[U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
    );
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** Cuts at a whole character as people see it. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const parts = [...graphemes.segment(visible(text))].map(({ segment }) => segment);
  return parts.length <= length ? parts.join('') : `${parts.slice(0, length - 1).join('')}…`;
}

function write(part: Part): string {
  if (part === null || part === undefined || part === false) return '';
  if (Array.isArray(part)) return part.map(write).join('');
  return typeof part === 'object' ? part.safe : escapeMarkup(String(part));
}

/** A template of markup; every value is escaped unless it is `Safe`. */
export function html(strings: TemplateStringsArray, ...values: Part[]): Safe {
  return {
    safe: strings.reduce((text, piece, at) => text + write(values[at - 1]) + piece),
  };
}

/** People's text: isolated from its surroundings in direction, with plain web addresses as links. */
export function prose(text: string): Safe {
  const parts: Part[] = [];
  let from = 0;
  for (const match of text.matchAll(/https?:\/\/[^\s<>"'`\\{}|^]{1,300}/gi)) {
    const words = match[0].replace(/[.,;:!?)\]]+$/, '');
    const link = asLink(words);
    if (!link) continue;
    parts.push(text.slice(from, match.index), html`<a href="${link}" rel="nofollow noopener noreferrer">${words}</a>`);
    from = match.index + words.length;
  }
  parts.push(text.slice(from));
  return html`<bdi>${parts}</bdi>`;
}

/** Only http and https, without a user name that could pretend to be the host. */
function asLink(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  return (url.protocol === 'https:' || url.protocol === 'http:') && !url.username && !url.password ? url.href : null;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** `23 Nov 2026`, in UTC. */
export const sayDay = (at: Date): string => `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}`;
/** `09:12 UTC`. */
export const sayClock = (at: Date): string => `${at.toISOString().slice(11, 16)} UTC`;
/** `23 Nov 2026, 09:12 UTC`. */
export const sayInstant = (at: Date): string => `${sayDay(at)}, ${sayClock(at)}`;

/** A time machines and people can read; `how` picks the printed form, `live` lets the page's script add “in 5 min”, `day` says a day in the reader's language. */
export function time(at: Date, how: 'clock' | 'instant' | 'day' = 'instant', live = false, day = sayDay): Safe {
  const words = how === 'clock' ? sayClock(at) : how === 'day' ? day(at) : `${day(at)}, ${sayClock(at)}`;
  return html`<time datetime="${at.toISOString()}" ${live && html`data-live`}>${words}</time>`;
}
