/**
 * What a calendar of leave or holidays says: its entries in a stretch of time, repetitions worked out. Pure.
 *
 * Whole days stay days; times get the zone that is written there (IANA, Windows, or what VTIMEZONE says it is), floating
 * ones the zone the calendar was added with. What cannot be read is refused with its line, never guessed; the work is
 * bounded whatever the file says (bad-input rows 85 and 86).
 */
import { zone } from '#kernel';
import { contentLines, type Line, lineProblem, plainText } from './lines.ts';
import { freshSpending, parseRule, type Spending, startsOf } from './repeat.ts';
import { placeOfWindowsZone } from './windows-zones.ts';

const { DAY_MS, dayOfLocal, wallClock } = zone;

export interface Entry {
  uid: string;
  name: string;
  from: Date;
  to: Date;
  /** For whole days: the first and the last of them. */
  days: { first: string; last: string } | null;
  /** Mail addresses of those it concerns, in small letters. */
  people: string[];
}

interface Moment {
  local: number;
  place: string;
  wholeDay: boolean;
}
interface Raw {
  line: number;
  props: Map<string, Line[]>;
}

const MAX_EVENTS = 5000;

/** The entries that meet [from, to), soonest first. `floating` is the zone of times without one. Throws 422 with the line. */
export function readCalendar(text: string, floating: string, from: Date, to: Date): Entry[] {
  const { events, zones } = components(contentLines(text));
  const left = freshSpending();
  const places = new Map<string, string>();
  const placeOf = (line: Line) => zoneOf(line, zones, floating, places);
  const moved = movedOccurrences(events, placeOf);
  return events
    .flatMap((event) => entriesOf(event, placeOf, moved, [from.getTime(), to.getTime()], left))
    .toSorted((a, b) => a.from.getTime() - b.from.getTime());
}

/** The events and time zones of a file. What else it holds (tasks, alarms, journals) is passed over. */
function components(lines: Line[]): { events: Raw[]; zones: Map<string, string> } {
  const events: Raw[] = [];
  const zones = new Map<string, string>();
  const open: { name: string; line: number; raw: Raw }[] = [];
  for (const line of lines) {
    if (line.name === 'BEGIN') {
      open.push({ name: line.value.toUpperCase(), line: line.no, raw: { line: line.no, props: new Map() } });
      if (open.length > 10) throw lineProblem(line.no, 'too many parts inside each other');
    } else if (line.name === 'END') {
      const last = open.pop();
      if (last?.name !== line.value.toUpperCase()) throw lineProblem(line.no, `END:${line.value} ends nothing`);
      if (last.name === 'VEVENT') events.push(last.raw);
      if (last.name === 'VTIMEZONE') {
        const id = first(last.raw, 'TZID')?.value ?? '';
        zones.set(id, first(last.raw, 'X-LIC-LOCATION')?.value ?? '');
      }
      if (events.length > MAX_EVENTS) throw lineProblem(line.no, `there are more than ${MAX_EVENTS} entries`);
    } else {
      const { props } = open.at(-1)?.raw ?? { props: new Map<string, Line[]>() };
      props.set(line.name, [...(props.get(line.name) ?? []), line]);
    }
  }
  const unended = open.at(-1);
  if (unended) throw lineProblem(unended.line, `BEGIN:${unended.name} has no end`);
  return { events, zones };
}

const first = (raw: Raw, name: string): Line | undefined => raw.props.get(name)?.[0];

/** The place a time is read in. Throws 422 with the line for a zone nobody knows. */
function zoneOf(line: Line, zones: Map<string, string>, floating: string, known: Map<string, string>): string {
  const id = line.params.get('TZID');
  if (id === undefined) return floating;
  let place = known.get(id);
  if (place === undefined) {
    const path = id.split('/').slice(-3);
    const guesses = [id, placeOfWindowsZone(id), zones.get(id), path.join('/'), path.slice(-2).join('/')];
    place = guesses.find((name) => name && zone.checkZone(name).ok);
    if (!place) throw lineProblem(line.no, `the time zone ${id.slice(0, 60)} is not known`);
    const checked = zone.checkZone(place);
    place = checked.ok ? checked.zone : place;
    known.set(id, place);
  }
  return place;
}

/** `20261224`, `20261224T090000Z`, `20261224T090000`. */
function momentOf(line: Line, placeOf: (line: Line) => string, text = line.value): Moment {
  const found = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z)?)?$/.exec(text.trim());
  const date = found ? `${found[1]}-${found[2]}-${found[3]}` : '';
  const year = Number(found?.[1]);
  if (!found || !zone.isDate(date) || Number(found[4] ?? 0) > 23 || Number(found[5] ?? 0) > 59)
    throw lineProblem(line.no, `${text.slice(0, 40)} is no time`);
  if (year < 1900 || year > 2199) throw lineProblem(line.no, `the year ${year} is out of reach`);
  const wholeDay = found[4] === undefined;
  const local = zone.localOf(date, wholeDay ? '00:00' : `${found[4]}:${found[5]}`);
  return { local, place: found[7] ? 'UTC' : placeOf(line), wholeDay };
}

const instantOf = ({ local, place }: Moment, which: 'first' | 'last' = 'first') =>
  wallClock(place).instantOf(local, which);

/** Occurrences that were moved or cancelled one by one: `uid instant` of where they would have been. */
function movedOccurrences(events: Raw[], placeOf: (line: Line) => string): Set<string> {
  const found = new Set<string>();
  for (const event of events) {
    const line = first(event, 'RECURRENCE-ID');
    if (!line) continue;
    if (line.params.has('RANGE')) throw lineProblem(line.no, 'RANGE is not read');
    found.add(`${first(event, 'UID')?.value} ${instantOf(momentOf(line, placeOf))}`);
  }
  return found;
}

function entriesOf(
  event: Raw,
  placeOf: (line: Line) => string,
  moved: Set<string>,
  [from, to]: [number, number],
  left: Spending,
): Entry[] {
  for (const name of ['DTSTART', 'DTEND', 'DURATION', 'UID', 'RRULE', 'RECURRENCE-ID']) {
    const [, twice] = event.props.get(name) ?? [];
    if (twice) throw lineProblem(twice.no, `a second ${name} in one entry`);
  }
  const refused = first(event, 'EXRULE');
  if (refused) throw lineProblem(refused.no, 'EXRULE is not read; write the exceptions as EXDATE');
  const startLine = first(event, 'DTSTART');
  if (!startLine) throw lineProblem(event.line, 'an entry without DTSTART');
  if (first(event, 'STATUS')?.value.toUpperCase() === 'CANCELLED') return [];
  const start = momentOf(startLine, placeOf);
  const length = lengthOf(event, start, placeOf);
  // An entry without a length is a reminder: nobody is away for no time.
  if (length === 0) return [];
  const uid = first(event, 'UID')?.value ?? `line-${event.line}`;
  const single = first(event, 'RECURRENCE-ID') !== undefined;
  const taken = exceptions(event, placeOf);
  const name = plainText(first(event, 'SUMMARY')?.value ?? '').slice(0, 200);
  const people = peopleOf(event);
  return occurrences(event, start, length, placeOf, [from, to], left).flatMap((local): Entry[] => {
    const begins = { ...start, local };
    const at = instantOf(begins);
    if (taken.has(at) || (!single && moved.has(`${uid} ${at}`))) return [];
    const over = instantOf({ ...start, local: local + length }, start.wholeDay ? 'first' : 'last');
    if (over <= from || at >= to || over <= at) return [];
    const day = (of: number) => zone.sayLocal(of).slice(0, 10);
    const days = start.wholeDay ? { first: day(local), last: day(local + length - DAY_MS) } : null;
    return [{ uid, name, from: new Date(at), to: new Date(over), days, people }];
  });
}

/** The local starts of an entry: its own, those of its rule, and those that are listed. */
function occurrences(
  event: Raw,
  start: Moment,
  length: number,
  placeOf: (line: Line) => string,
  [from, to]: [number, number],
  left: Spending,
): number[] {
  const ruleLine = first(event, 'RRULE');
  const listed = (event.props.get('RDATE') ?? []).flatMap((line) =>
    line.value.split(',').map((text) => momentOf(line, placeOf, text).local),
  );
  left.occurrences -= listed.length + 1;
  if (left.occurrences < 0) throw lineProblem(event.line, 'too many entries');
  if (!ruleLine) return [...new Set([start.local, ...listed])];
  const rule = parseRule(ruleLine);
  const last = rule.until === null ? Number.POSITIVE_INFINITY : untilOf(ruleLine, rule.until, start, placeOf);
  // The wall may be a day away from UTC's.
  const window = [from - length - DAY_MS, to + DAY_MS] as const;
  const found = startsOf(rule, start.local, ...window, last, left);
  return [...new Set([...found, ...listed])];
}

/** UNTIL may be a day, a wall time or an instant; it names the last start that is allowed. */
function untilOf(line: Line, text: string, start: Moment, placeOf: (line: Line) => string): number {
  const until = momentOf(line, placeOf, text);
  if (until.wholeDay) return until.local + DAY_MS - 1;
  return text.endsWith('Z') ? wallClock(start.place).localOf(until.local) : until.local;
}

/** In local milliseconds, from DTEND or DURATION; a whole day alone lasts a day. */
function lengthOf(event: Raw, start: Moment, placeOf: (line: Line) => string): number {
  const [endLine, lasting] = [first(event, 'DTEND'), first(event, 'DURATION')];
  if (endLine) {
    const end = momentOf(endLine, placeOf);
    const local = end.place === start.place ? end.local : wallClock(start.place).localOf(instantOf(end));
    if (local < start.local) throw lineProblem(endLine.no, 'it ends before it begins');
    return start.wholeDay ? Math.max(DAY_MS, dayOfLocal(local) - start.local) : local - start.local;
  }
  if (!lasting) return start.wholeDay ? DAY_MS : 0;
  const found = /^\+?P(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,6})S)?)?$/.exec(
    lasting.value,
  );
  if (!found) throw lineProblem(lasting.no, `${lasting.value.slice(0, 40)} is no duration`);
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = found.slice(1).map((part) => Number(part ?? 0));
  return (weeks * 7 + days) * DAY_MS + hours * 3_600_000 + minutes * 60_000 + seconds * 1000;
}

/** The instants of EXDATE. */
const exceptions = (event: Raw, placeOf: (line: Line) => string): Set<number> =>
  new Set(
    (event.props.get('EXDATE') ?? []).flatMap((line) =>
      line.value.split(',').map((text) => instantOf(momentOf(line, placeOf, text))),
    ),
  );

/** Whom an entry names: its attendees and its organiser. */
const peopleOf = (event: Raw): string[] =>
  ['ATTENDEE', 'ORGANIZER'].flatMap((name) =>
    (event.props.get(name) ?? []).map(({ value }) => value.replace(/^mailto:/i, '').toLowerCase()),
  );
