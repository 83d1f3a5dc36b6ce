/** What came back from the model, believed only where it cites: each sentence with entries that were shown to it, the rest dropped. Pure. */
import type { ShownEntry } from './prompt.ts';

export interface DraftSentence {
  text: string;
  /** Numbers of timeline entries, each of which exists and was shown. */
  entries: number[];
  /** What a reader should look at twice; null when nothing was found. */
  doubt: string | null;
}

export interface Verified {
  sentences: DraftSentence[];
  /** Why others were left out, with how many. */
  dropped: { uncited: number; links: number; odd: number };
}

const MOST_SENTENCES = 40;
const LONGEST_SENTENCE = 600;

/** The JSON inside an answer; some models put words or a fence around it. */
function jsonIn(text: string): unknown {
  const [from, to] = [text.indexOf('{'), text.lastIndexOf('}')];
  if (from < 0 || to < from) return undefined;
  try {
    return JSON.parse(text.slice(from, to + 1));
  } catch {
    return undefined;
  }
}

/** Addresses, markup and commands have no place in a draft: they are how a text from outside would try to act through a reader. */
const LINK = /https?:|www\.|\]\(|<[a-z/!]|javascript:|data:/i;

/** Null: the answer is no list of sentences at all. */
export function verified(text: string, shown: ShownEntry[], facts: string): Verified | null {
  const answer = jsonIn(text) as { sentences?: unknown } | undefined;
  if (!Array.isArray(answer?.sentences)) return null;
  const known = new Map(shown.map((entry) => [entry.seq, entry]));
  const result: Verified = { sentences: [], dropped: { uncited: 0, links: 0, odd: 0 } };
  for (const one of answer.sentences.slice(0, MOST_SENTENCES) as ({ text?: unknown; entries?: unknown } | null)[]) {
    const said = typeof one?.text === 'string' ? tidy(one.text) : '';
    if (said === '' || said.length > LONGEST_SENTENCE) result.dropped.odd += 1;
    else if (LINK.test(said)) result.dropped.links += 1;
    else {
      const given: unknown[] = Array.isArray(one?.entries) ? one.entries : [];
      const cited = [...new Set(given.filter((n): n is number => typeof n === 'number' && known.has(n)))];
      if (cited.length === 0) result.dropped.uncited += 1;
      else {
        const sources = cited.map((n) => known.get(n) as ShownEntry);
        result.sentences.push({
          text: said,
          entries: cited.sort((a, b) => a - b),
          doubt: doubtAbout(said, sources, facts),
        });
      }
    }
  }
  return result;
}

const tidy = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[⟦⟧]/g, '')
    // oxlint-disable-next-line no-control-regex
    .replaceAll(/[\u0000-\u001F\u007F-\u009F\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFEFF]/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();

const numbersIn = (text: string): string[] => text.match(/\d+(?:[.,]\d+)*/g) ?? [];

/** A number that no cited entry has is the commonest invention. Times of entries count as said. */
function doubtAbout(said: string, sources: ShownEntry[], facts: string): string | null {
  const there = new Set(
    numbersIn(
      [facts, ...sources.flatMap(({ text, at }) => [text, at.toISOString().replaceAll(/[-:TZ]/g, ' ')])].join(' '),
    ),
  );
  const invented = numbersIn(said).filter((number) => !there.has(number));
  return invented.length === 0 ? null : `no cited entry says ${invented.slice(0, 3).join(', ')}`;
}
