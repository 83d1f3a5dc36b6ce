/**
 * How easy a text is to read: the grade of Kincaid, Fishburne, Rogers and Chissom (1975, "Derivation of new readability
 * formulas", Naval Technical Training Command report 8-75): 0.39 × words per sentence + 11.8 × syllables per word − 15.59.
 * Own measure, no library; syllables are counted by vowel groups, which is right for about nine words in ten.
 */

/** Sentences of a text; a full stop in a number, a time or a short form ends none. */
export const sentencesOf = (text: string): string[] =>
  text
    .split(/(?<=[.!?…])\s+(?=["“(]?[\p{Lu}\d])|\n+/u)
    .map((sentence) => sentence.trim())
    .filter((sentence) => /\p{L}/u.test(sentence));

export const wordsOf = (text: string): string[] => text.match(/[\p{L}\p{N}][\p{L}\p{N}'’-]*/gu) ?? [];

/** Syllables of an English word, at least one. */
export function syllables(word: string): number {
  const plain = word.toLowerCase().replace(/[^a-z]/g, '');
  if (plain.length <= 3) return 1;
  const trimmed = plain.replace(/(?:[^laeiouy]es|[^tdaeiouy]ed|[^laeiouy]e)$/, '').replace(/^y/, '');
  return Math.max(1, trimmed.match(/[aeiouy]{1,2}/g)?.length ?? 1);
}

/** School grade, one decimal; null for texts too short to say (under 25 words). */
export function gradeOf(texts: string[]): number | null {
  const sentences = texts.flatMap(sentencesOf);
  // Numbers and times are read at sight.
  const words = sentences.flatMap(wordsOf).filter((word) => !/^\d/.test(word));
  if (words.length < 25) return null;
  const count = words.reduce((sum, word) => sum + syllables(word), 0);
  const grade = 0.39 * (words.length / sentences.length) + 11.8 * (count / words.length) - 15.59;
  return Math.round(grade * 10) / 10;
}

const PASSIVE =
  /\b(?:is|are|was|were|be|been|being)\s+(?:\w+ly\s+|not\s+|also\s+|now\s+|still\s+)?(?:\w{2,}ed|known|done|made|seen|found|given|taken|sent|lost|kept|shown|held|told|written|chosen|brought|built|broken|hidden|paid|put|read|run|said|set|thrown|understood)\b/i;

/** Participles that are said of a state, not of a deed: “data is affected” hides nobody. */
const STATES =
  /\b(?:is|are|was|were|be|been)\s+(?:not\s+|also\s+|still\s+)?(?:affected|delayed|needed|limited|closed|used|interested|sorry|concerned|supposed)\b/gi;

/** Whether a sentence hides who acts: a form of “be” with a participle. An approximation, shown as advice only. */
export const isPassive = (sentence: string): boolean => PASSIVE.test(sentence.replace(STATES, 'works'));

/** Share of sentences in the active voice, 0 to 1; null for fewer than four. */
export function activeShare(texts: string[]): number | null {
  const sentences = texts.flatMap(sentencesOf);
  if (sentences.length < 4) return null;
  return sentences.filter((sentence) => !isPassive(sentence)).length / sentences.length;
}
