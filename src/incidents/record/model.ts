/** The timeline as pure rules: what an entry is, what is hashed, and how a chain is checked. */

export const ENTRY_KINDS = [
  'declared',
  'signal',
  'page',
  'phase',
  'severity',
  'role',
  'note',
  'action',
  'hypothesis',
  'decision',
  'approval',
  'task',
  'question',
  'lane',
  'attachment',
  'gate',
  'impact',
  'message',
  'recovery',
  'review',
  'exercise',
  'correction',
  'edit',
] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];
/** Only `public` entries may feed a public draft (M26c); a note is internal until somebody says otherwise. */
export type Classification = 'public' | 'internal' | 'restricted';

export interface Ref {
  kind: string;
  id: string;
  label?: string;
}

/** What an entry says, and therefore what its hash covers. Times are ISO 8601 in UTC with milliseconds. */
export interface HashedEntry {
  incidentId: string;
  seq: number;
  occurredAt: string;
  recordedAt: string;
  actor: { kind: string; id: string; name: string };
  kind: string;
  text: string;
  refs: Ref[];
  classification: Classification;
  corrects: number | null;
  exercise: boolean;
}

export interface ChainedEntry extends HashedEntry {
  prevHash: string;
  hash: string;
}

/** The hash before the first entry. */
export const GENESIS = '0'.repeat(64);

/**
 * Walks a timeline from its first entry: no gap in the sequence, every entry linked to the one before, every hash
 * computed again (invariant 2). `head` is where the product remembers the chain to end; a cut tail shows there.
 */
export function verifyChain(
  entries: readonly ChainedEntry[],
  hashOf: (prevHash: string, entry: HashedEntry) => string,
  head: { seq: number; hash: string },
): { ok: true; entries: number; head: string } | { ok: false; entries: number; seq: number; problem: string } {
  let prevHash = GENESIS;
  let seq = 0;
  const broken = (at: number, problem: string) => ({ ok: false as const, entries: entries.length, seq: at, problem });
  for (const { prevHash: claimed, hash, ...entry } of entries) {
    seq += 1;
    if (entry.seq !== seq) return broken(seq, `entry ${seq} is missing: found ${entry.seq} in its place`);
    if (claimed !== prevHash) return broken(seq, `entry ${seq} does not follow the entry before it`);
    if (hashOf(prevHash, entry) !== hash) return broken(seq, `entry ${seq} was changed after it was written`);
    prevHash = hash;
  }
  if (head.seq !== seq || head.hash !== prevHash) {
    return broken(seq + 1, `the record ends at ${seq}, it was written up to ${head.seq}`);
  }
  return { ok: true, entries: seq, head: prevHash };
}

/**
 * Makes text storable and stable under hashing: PostgreSQL takes no NUL and no lone surrogate, and a character
 * swapped on the way in would break the chain on the way out.
 */
export const storable = (text: string): string => text.toWellFormed().replaceAll('\u0000', '\uFFFD');

/** Secrets never enter the record (invariant 16): what gives one away, in shapes that need no backtracking. */
const SECRET_SHAPES: [string, RegExp][] = [
  ['a private key', /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----/],
  ['an AWS access key', /\bAKIA[0-9A-Z]{16}\b/],
  ['a GitHub token', /\bgh[pousr]_[0-9A-Za-z]{36}/],
  ['a Slack token', /\bxox[abprs]-[0-9A-Za-z-]{10}/],
  ['a password in a URL', /:\/\/[^\s/:@]{1,64}:[^\s/:@]{1,64}@/],
];

/** Names the secret a text carries, or null. The caller refuses and logs the name, never the value. */
export const secretIn = (text: string): string | null =>
  SECRET_SHAPES.find(([, shape]) => shape.test(text))?.[0] ?? null;

/** For texts no person can be asked about (an alert's title): what carries a secret is withheld as a whole. */
export const withoutSecret = (text: string): string => {
  const found = secretIn(text);
  return found ? `[withheld: it contained ${found}]` : text;
};
