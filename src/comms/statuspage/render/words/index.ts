/** The languages that the frame of the public page speaks: choosing one, and saying things in it. */
import { html, type Part, type Safe, sayClock, sayDay } from '../html.ts';
import { cs } from './cs.ts';
import { de } from './de.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { it } from './it.ts';
import { ja } from './ja.ts';
import { nl } from './nl.ts';
import type { Phrase } from './phrases.ts';
import { pl } from './pl.ts';
import { pt } from './pt.ts';
import { sv } from './sv.ts';
import { zh } from './zh.ts';

const WORDS: Record<string, Record<Phrase, string>> = { de, fr, es, it, pt, nl, pl, sv, cs, ja, zh };

/** Code → what the language calls itself. English stands in the code and needs no dictionary. */
export const LANGUAGES: Record<string, string> = {
  en: 'English',
  de: 'Deutsch',
  fr: 'Français',
  es: 'Español',
  it: 'Italiano',
  pt: 'Português',
  nl: 'Nederlands',
  pl: 'Polski',
  sv: 'Svenska',
  cs: 'Čeština',
  ja: '日本語',
  zh: '中文',
};

/** How one language says what the page says. */
export interface Tongue {
  lang: string;
  /** A phrase as plain text, with texts put in. */
  t(phrase: Phrase, ...parts: (string | number)[]): string;
  /** A phrase as markup: what is put in is escaped unless it is markup itself. */
  say(phrase: Phrase, ...parts: Part[]): Safe;
  day(at: Date): string;
  /** `23 Nov 2026, 09:12 UTC`. */
  instant(at: Date): string;
}

function tongue(lang: string): Tongue {
  const words = WORDS[lang];
  const text = (phrase: Phrase): string => words?.[phrase] ?? phrase;
  const dates = words && new Intl.DateTimeFormat(lang, { dateStyle: 'medium', timeZone: 'UTC' });
  const day = (at: Date) => dates?.format(at) ?? sayDay(at);
  return {
    lang,
    t: (phrase, ...parts) => text(phrase).replace(/\{(\d)\}/g, (_, n) => String(parts[Number(n)] ?? '')),
    say: (phrase, ...parts) => {
      const pieces = text(phrase).split(/\{(\d)\}/);
      return html`${pieces.map((piece, at) => (at % 2 === 0 ? piece : parts[Number(piece)]))}`;
    },
    day,
    instant: (at) => `${day(at)}, ${sayClock(at)}`,
  };
}

const TONGUES = new Map(Object.keys(LANGUAGES).map((lang) => [lang, tongue(lang)]));
export const ENGLISH = TONGUES.get('en') as Tongue;

/** The tongue for a language such as `de` or `de-AT`; English for one we do not have. */
export const tongueOf = (language: string): Tongue => TONGUES.get(language.slice(0, 2).toLowerCase()) ?? ENGLISH;

/** The reader's best language among these, by the weights of `Accept-Language`; undefined when none is wanted. */
export function chosen(header: string | undefined, among: string[]): string | undefined {
  if (!header) return undefined;
  const wishes = header
    .slice(0, 500)
    .split(',')
    .map((part) => {
      const [tag = '', ...rest] = part.trim().split(';');
      const weight = rest.map((one) => /^\s*q=([\d.]{1,5})\s*$/.exec(one)?.[1]).find((one) => one !== undefined);
      return { lang: tag.trim().slice(0, 2).toLowerCase(), weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);
  return wishes.find(({ lang }) => among.includes(lang))?.lang;
}
