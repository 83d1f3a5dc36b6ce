/** The war room as pure rules: what changed since somebody looked, and what the bytes of a file are. */

export interface Told {
  seq: number;
  kind: string;
  text: string;
}

/** The kinds that change how things stand, from the weightiest down; a note is read in the timeline itself. */
const WEIGHT: Record<string, number> = {
  phase: 0,
  severity: 1,
  decision: 2,
  role: 3,
  impact: 4,
  action: 5,
  approval: 6,
  hypothesis: 7,
  message: 8,
  lane: 9,
  question: 10,
  gate: 11,
};

/** At most this many lines: more is read in the timeline, from the line "new since you last looked". */
export const HIGHLIGHTS = 6;

/** The entries that say most about what is different now, in the order they came. */
export function highlightsOf<T extends Told>(entries: readonly T[]): T[] {
  return entries
    .filter(({ kind }) => kind in WEIGHT)
    .toSorted((a, b) => WEIGHT[a.kind]! - WEIGHT[b.kind]! || b.seq - a.seq)
    .slice(0, HIGHLIGHTS)
    .toSorted((a, b) => a.seq - b.seq);
}

/** Bytes a file may have. */
export const MAX_FILE = 10 * 1024 * 1024;
/** Bytes all files of one incident may have together. */
export const MAX_FILES = 250 * 1024 * 1024;

const MAGIC: [string, number[], number][] = [
  ['image/png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], 0],
  ['image/jpeg', [0xff, 0xd8, 0xff], 0],
  ['image/gif', [0x47, 0x49, 0x46, 0x38], 0],
  ['image/webp', [0x57, 0x45, 0x42, 0x50], 8],
  ['application/pdf', [0x25, 0x50, 0x44, 0x46, 0x2d], 0],
  ['application/zip', [0x50, 0x4b, 0x03, 0x04], 0],
  ['application/gzip', [0x1f, 0x8b], 0],
];

/** Shown inside the page; everything else is only ever downloaded. No format that can carry script is among them. */
export const SHOWN = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

/**
 * What a file is by its bytes. What looks like text is text, whatever it claims: HTML and SVG are shown as their
 * source and never run.
 */
export function sniff(bytes: Uint8Array): string {
  for (const [type, magic, offset] of MAGIC) {
    if (type === 'image/webp' && !startsWith(bytes, [0x52, 0x49, 0x46, 0x46], 0)) continue;
    if (startsWith(bytes, magic, offset)) return type;
  }
  return isText(bytes) ? 'text/plain' : 'application/octet-stream';
}

const startsWith = (bytes: Uint8Array, magic: readonly number[], offset: number): boolean =>
  magic.every((byte, i) => bytes[offset + i] === byte);

/** UTF-8 without NUL; the last characters of a long file are not worth cutting one in half. */
function isText(bytes: Uint8Array): boolean {
  if (bytes.includes(0)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** A name that is only a name: no path, no control or direction characters, not empty, not long. */
export function fileName(claimed: string): string {
  const last = claimed.split(/[/\\]/).at(-1) ?? '';
  // eslint-disable-next-line no-control-regex
  const clean = last
    .toWellFormed()
    .replaceAll(/[\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069"]/g, '')
    .trim();
  return clean.replace(/^\.+/, '').slice(0, 120) || 'file';
}
