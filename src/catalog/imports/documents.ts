/** What the readers of all import formats share: files, what they say of nodes, and YAML read without its traps. Pure. */
import { yaml } from '#kernel';
import { type NodeKind, type Redundancy, slugify, type Strength, type Tier } from '../model.ts';

export interface CatalogFile {
  name: string;
  text: string;
}
/** What a file says of one node; a field that it does not say is absent. */
export interface ReadNode {
  ref: string;
  file: string;
  kind: NodeKind;
  slug: string;
  name: string;
  description?: string;
  tier?: Tier;
  redundancy?: Redundancy;
  /** `group:default/payments` as the name of a team. */
  owner?: string;
  dependsOn: Map<string, Strength>;
}
export interface Dangling {
  file: string;
  from: string;
  ref: string;
  /** `dependsOn`, `owner`, `system`… */
  role: string;
}
export interface ReadCatalog {
  nodes: ReadNode[];
  dangling: Dangling[];
  problems: { file: string; message: string }[];
}

export const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
export const text = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');
export const list = (value: unknown): string[] =>
  Array.isArray(value) ? value.map(text).filter((one) => one !== '') : [];
/** Names in a text: `a, b c`. */
export const namesIn = (value: unknown): string[] =>
  text(value)
    .split(/[,\s]+/)
    .filter((one) => one !== '');

const THIRD = /^(third[-_ ]?party|supplier|vendor|saas|external|external[-_ ]service)$/;
export const isThirdParty = (type: string): boolean => THIRD.test(type);

export const asSlug = (name: string): string => slugify(name) || 'unnamed';

/** `1`, `"tier-1"`, `gold`? Only the three we know. */
export function tierOf(value: unknown): Tier | undefined {
  const tier = Number(String(value ?? '').replace(/^tier[-_ ]?/i, '') || Number.NaN);
  return tier === 1 || tier === 2 || tier === 3 ? tier : undefined;
}

/** Aliases are refused: a few hundred bytes of them unfold to gigabytes (bad-input row of YAML bombs). */
function problemOf(document: yaml.Document): string | undefined {
  const [error] = document.errors;
  if (error) return error.message.split('\n')[0];
  let alias = false;
  yaml.visit(document, (_, node) => {
    if (!yaml.isAlias(node)) return undefined;
    alias = true;
    return yaml.visit.BREAK;
  });
  return alias ? 'Aliases (*name) are not read; write the value out.' : undefined;
}

/** The documents of a YAML (or JSON) file, empty ones left out; what cannot be read goes to `found.problems`. */
export function documentsOf({ name: file, text: source }: CatalogFile, found: ReadCatalog): Record<string, unknown>[] {
  const documents = yaml.parseAllDocuments(source, { uniqueKeys: true, logLevel: 'silent' });
  return (Array.isArray(documents) ? documents : []).flatMap((document) => {
    const problem = problemOf(document);
    if (problem) {
      found.problems.push({ file, message: problem });
      return [];
    }
    const body = record(document.toJS());
    return Object.keys(body).length === 0 ? [] : [body];
  });
}
