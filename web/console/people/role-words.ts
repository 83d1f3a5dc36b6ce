/** Roles, authority and functions as people say them. */
import { endpoints as people, type IncidentRole } from '#contract/people';
import { sentence, useQueryOf } from '../../kit/index.ts';

/** `approve_reversible` → "Approve reversible". */
export const said = (word: string): string => sentence(word);
/** `approve_reversible` → "approve reversible", for the middle of a sentence. */
export const saidInside = (words: readonly string[]): string =>
  words.map((word) => word.replaceAll('_', ' ')).join(', ');

/** One line per line; a text nobody wrote is no line. */
export const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);

export const atSeverities = (severities: readonly number[]): string =>
  severities.length === 0 ? '–' : severities.map((severity) => `SEV${severity}`).join(', ');

export interface Roles {
  /** Those that can be given, in their order. */
  all: IncidentRole[];
  /** What a role is called; its key in words as long as the catalogue is not here. */
  titleOf: (key: string) => string;
}

/** The catalogue of incident roles; read once and kept. */
export function useRoles(): Roles {
  const { data } = useQueryOf(people.roles);
  const items = data?.items ?? [];
  return {
    all: items.filter(({ retired }) => !retired),
    titleOf: (key) => items.find((role) => role.key === key)?.title ?? said(key),
  };
}
