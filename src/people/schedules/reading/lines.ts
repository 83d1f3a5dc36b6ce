/** iCalendar text (RFC 5545) as lines that know their number, so that whatever is wrong can be pointed at. Pure. */
import { invalid, type Problem } from '#kernel';

export interface Line {
  /** In the file as it came, from 1. */
  no: number;
  /** In capitals: `DTSTART`. */
  name: string;
  /** Names in capitals, values without quotes. */
  params: Map<string, string>;
  value: string;
}

export const MAX_TEXT = 2_000_000;
const MAX_LINES = 60_000;

/** What is wrong, with the line it is on. */
export const lineProblem = (no: number, message: string): Problem =>
  invalid(`Line ${no} of this calendar cannot be read: ${message}`, 'people.calendar_line', [
    { path: 'text', message: `line ${no}: ${message}` },
  ]);

/** The content lines of a file, unfolded. Throws 422 with the line for a text that is no calendar or far too long. */
export function contentLines(text: string): Line[] {
  if (text.length > MAX_TEXT) throw lineProblem(1, 'the file is over 2 MB');
  const raw = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  if (raw.length > MAX_LINES) throw lineProblem(MAX_LINES, `there are more than ${MAX_LINES} lines`);
  const lines: Line[] = [];
  let whole = '';
  let no = 0;
  const end = () => {
    if (whole.trim() !== '') lines.push(parse(whole, no));
  };
  for (const [index, part] of raw.entries()) {
    if (/^[ \t]/.test(part) && whole !== '') {
      whole += part.slice(1);
      continue;
    }
    end();
    [whole, no] = [part, index + 1];
  }
  end();
  if (lines[0]?.name !== 'BEGIN' || lines[0].value.toUpperCase() !== 'VCALENDAR')
    throw lineProblem(1, 'this is no calendar: BEGIN:VCALENDAR is missing');
  return lines;
}

/** `DTSTART;TZID="Europe/Berlin":20261224T090000`. A colon or semicolon inside quotes belongs to the value of a parameter. */
function parse(text: string, no: number): Line {
  let quoted = false;
  let colon = -1;
  const cuts: number[] = [];
  for (let i = 0; i < text.length && colon < 0; i++) {
    if (text[i] === '"') quoted = !quoted;
    else if (!quoted && text[i] === ';') cuts.push(i);
    else if (!quoted && text[i] === ':') colon = i;
  }
  if (colon < 0) throw lineProblem(no, 'there is no colon');
  const parts = [...cuts, colon].map((cut, i) => text.slice(i === 0 ? 0 : cuts[i - 1]! + 1, cut));
  const params = new Map(
    parts.slice(1).map((part) => {
      const equals = part.indexOf('=');
      return [part.slice(0, equals).toUpperCase(), part.slice(equals + 1).replaceAll('"', '')] as const;
    }),
  );
  return { no, name: parts[0]!.trim().toUpperCase(), params, value: text.slice(colon + 1) };
}

/** A value as people wrote it: escapes taken back. */
export const plainText = (value: string): string =>
  value.replaceAll(/\\([\\;,nN])/g, (_, c: string) => (c === 'n' || c === 'N' ? '\n' : c)).trim();
