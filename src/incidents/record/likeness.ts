/** How alike two incidents are, as pure calculation (domain 6.4), with reasons a person can check. */

/** What is known of an incident for comparing; what is not known is undefined and is not counted, for or against. */
export interface Fingerprint {
  /** Ids of affected services. */
  services: string[];
  /** Ids of what those services cannot work without. */
  dependencies: string[];
  factors?: string[] | undefined;
  trigger?: string | undefined;
  /** Titles of alerts without their numbers. */
  alerts: string[];
  words: string[];
}

export interface Likeness {
  /** 0 to 1. */
  score: number;
  /** From 0.55 a look-alike, from 0.75 a probable recurrence; below, it may be worth a look. */
  grade: 'probable' | 'look_alike' | 'faint';
  reasons: string[];
}

const WEIGHTS = { origin: 0.35, factors: 0.25, trigger: 0.15, alerts: 0.15, words: 0.1 };
const FAINT = 0.35;

const STOP = new Set(
  'the and for are was with has have not but you all can our from that this into out its too very been were than then when what which some while'.split(
    ' ',
  ),
);

/** The words of a text that may tell it from others; long ones by their first seven letters, so that "failing" is "failed". */
export function wordsOf(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}][\p{L}\p{N}-]{2,}/gu) ?? [];
  return [...new Set(words.filter((word) => !STOP.has(word)).map((word) => stem(word)))];
}
const stem = (word: string): string => word.replace(/(?:ing|ed|es|s|e)$/, '').slice(0, 7);

/** An alert's title without what differs from one time to the next. */
export const alertKey = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/\d+(?:[.,]\d+)?/g, '#')
    .replaceAll(/\s+/g, ' ')
    .trim();

const shared = (a: string[], b: string[]): string[] => a.filter((item) => b.includes(item));
const jaccard = (a: string[], b: string[]): number => {
  const both = shared(a, b).length;
  return both === 0 ? 0 : both / (a.length + b.length - both);
};

/** How rare each word is among these texts: a word of every incident says nothing. */
export function rarity(texts: string[][]): (word: string) => number {
  const counts = new Map<string, number>();
  for (const words of texts) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return (word) => Math.log(1 + texts.length / (1 + (counts.get(word) ?? 0)));
}

function cosine(a: string[], b: string[], rare: (word: string) => number): number {
  const length = (words: string[]) => Math.hypot(...words.map(rare));
  const product = shared(a, b).reduce((sum, word) => sum + rare(word) ** 2, 0);
  return product === 0 ? 0 : product / (length(a) * length(b));
}

/** The same origin counts whole; an origin that the other cannot work without counts half. */
function origin(a: Fingerprint, b: Fingerprint): number {
  const same = shared(a.services, b.services).length;
  if (same > 0) return same / Math.min(a.services.length, b.services.length);
  const leansOn = shared(a.dependencies, b.services).length + shared(b.dependencies, a.services).length;
  return leansOn > 0 ? 0.5 : 0;
}

/**
 * Compares by what is known of both; weights of what is not known fall away. Undefined when they are not alike.
 * `name` gives a service's name for the reasons.
 */
export function likeness(
  now: Fingerprint,
  past: Fingerprint,
  rare: (word: string) => number,
  name: (serviceId: string) => string,
): Likeness | undefined {
  const parts: { weight: number; value: number; reason: string }[] = [];
  const add = (weight: number, value: number, reason: string) => parts.push({ weight, value, reason });
  if (now.services.length > 0 && past.services.length > 0) {
    const same = shared(now.services, past.services).map(name);
    add(
      WEIGHTS.origin,
      origin(now, past),
      same.length > 0 ? `the same service: ${same.join(', ')}` : 'services that lean on each other',
    );
  }
  if (now.factors?.length && past.factors?.length) {
    const same = shared(now.factors, past.factors);
    add(WEIGHTS.factors, jaccard(now.factors, past.factors), `the same factors: ${same.join(', ')}`);
  }
  if (now.trigger && past.trigger && now.trigger !== 'unknown' && past.trigger !== 'unknown')
    add(WEIGHTS.trigger, now.trigger === past.trigger ? 1 : 0, `the same trigger: ${now.trigger.replaceAll('_', ' ')}`);
  if (now.alerts.length > 0 && past.alerts.length > 0) {
    const same = shared(now.alerts, past.alerts);
    add(WEIGHTS.alerts, jaccard(now.alerts, past.alerts), `the same alert: ${same[0] ?? ''}`);
  }
  if (now.words.length > 0) {
    const same = shared(now.words, past.words).toSorted((a, b) => rare(b) - rare(a));
    add(WEIGHTS.words, cosine(now.words, past.words, rare), `the same words: ${same.slice(0, 4).join(', ')}`);
  }
  const weight = parts.reduce((sum, part) => sum + part.weight, 0);
  const score = weight === 0 ? 0 : parts.reduce((sum, part) => sum + part.weight * part.value, 0) / weight;
  if (score < FAINT) return undefined;
  const grade = score >= 0.75 ? 'probable' : score >= 0.55 ? 'look_alike' : 'faint';
  const reasons = parts
    .filter((part) => part.value > 0)
    .toSorted((a, b) => b.weight * b.value - a.weight * a.value)
    .map((part) => part.reason);
  return { score: Math.round(score * 100) / 100, grade, reasons };
}
