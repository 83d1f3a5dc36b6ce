/** What a mail may be before anything parses it: headers under a size, parts not nested without end. Pure, one pass. */

/** Documented limits of a mail beside its size (docs/operate/integrations.md). */
export const MAIL_LIMITS = { headerBytes: 64 * 1024, headerLines: 1000, depth: 20, boundaries: 200 } as const;

const BOUNDARY = /boundary\s*=\s*(?:"([^"\r\n]{1,200})"|([^\s;"]{1,200}))/gi;
const INNER = /^content-type:\s*message\/(?:rfc822|global)/gim;

/** What is wrong with a mail, in words for whoever sent it; undefined when it may be parsed. */
export function problemOfMail(bytes: Buffer): string | undefined {
  const text = bytes.toString('latin1');
  const head = headOf(text);
  if (head === undefined) return 'This is not a mail: it has no line such as “Subject: …”.';
  if (head.length > MAIL_LIMITS.headerBytes) return `Its headers are larger than ${MAIL_LIMITS.headerBytes} bytes.`;
  if (countLines(head) > MAIL_LIMITS.headerLines) return `It has more than ${MAIL_LIMITS.headerLines} header lines.`;
  if ((text.match(INNER)?.length ?? 0) > MAIL_LIMITS.depth)
    return `It holds mails inside mails, more than ${MAIL_LIMITS.depth}.`;
  return problemOfParts(text);
}

/** The header block; undefined when the first line is no header. */
function headOf(text: string): string | undefined {
  if (!/^[!-9;-~]+[ \t]*:/.test(text.slice(0, 1000))) return undefined;
  const end = text.search(/\r?\n\r?\n/);
  return end < 0 ? text : text.slice(0, end);
}

function countLines(text: string): number {
  let n = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) n += 1;
  return n;
}

/** Walks the boundary lines as a parser would and counts how deep they are nested. */
function problemOfParts(text: string): string | undefined {
  const declared = new Set<string>();
  for (const found of text.matchAll(BOUNDARY)) {
    declared.add(found[1] ?? found[2] ?? '');
    if (declared.size > MAIL_LIMITS.boundaries) return `It has more than ${MAIL_LIMITS.boundaries} boundaries.`;
  }
  if (declared.size === 0) return undefined;
  const open: string[] = [];
  for (let at = 0; at >= 0 && at < text.length;) {
    const next = text.indexOf('\n', at);
    if (text.startsWith('--', at)) {
      const line = text
        .slice(at + 2, next < 0 ? undefined : next)
        .slice(0, 300)
        .trimEnd();
      const ends = line.endsWith('--') && declared.has(line.slice(0, -2));
      const name = ends ? line.slice(0, -2) : line;
      const level = open.indexOf(name);
      if (ends && level >= 0) open.length = level;
      else if (level >= 0) open.length = level + 1;
      else if (!ends && declared.has(name)) open.push(name);
      if (open.length > MAIL_LIMITS.depth) return `Its parts are nested deeper than ${MAIL_LIMITS.depth}.`;
    }
    at = next < 0 ? -1 : next + 1;
  }
  return undefined;
}
