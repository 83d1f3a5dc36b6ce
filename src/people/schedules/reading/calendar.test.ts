/** Calendars that come in: what real programs write, and what tries to hurt (bad-input rows 85 and 86). */
import { describe, expect, test } from 'vitest';
import { readCalendar } from './calendar.ts';

const [FROM, TO] = [new Date('2026-11-01T00:00Z'), new Date('2027-12-01T00:00Z')];
const file = (...events: string[][]) =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    ...events.flatMap((lines) => ['BEGIN:VEVENT', ...lines, 'END:VEVENT']),
    'END:VCALENDAR',
  ].join('\r\n');
const read = (...events: string[][]) => readCalendar(file(...events), 'Europe/Berlin', FROM, TO);
const show = (...events: string[][]) =>
  read(...events).map((e) => `${e.from.toISOString().slice(0, 16)} ${e.to.toISOString().slice(0, 16)}`);
const days = (...events: string[][]) => read(...events).map((e) => e.days?.first);
/** Time this thread has worked since, whatever else the machine does. */
const usedMs = (since: NodeJS.CpuUsage) => process.threadCpuUsage(since).user / 1000;
/** The problem a file is refused with: its status and where it points. */
function refusal(text: string): [number, string] {
  try {
    readCalendar(text, 'Europe/Berlin', FROM, TO);
  } catch (error) {
    const { status, errors } = error as { status: number; errors: { message: string }[] };
    return [status, errors[0]!.message];
  }
  throw new Error('it was read');
}
const refused = (...lines: string[]) => refusal(file(['UID:1', ...lines]));

describe('a calendar is read', () => {
  test('a whole day is a day in the zone it was added with, an end not included', () => {
    expect(
      read(['UID:1', 'SUMMARY:Leave\\, at last', 'DTSTART;VALUE=DATE:20261224', 'DTEND;VALUE=DATE:20261227']),
    ).toEqual([
      {
        uid: '1',
        name: 'Leave, at last',
        from: new Date('2026-12-23T23:00Z'),
        to: new Date('2026-12-26T23:00Z'),
        days: { first: '2026-12-24', last: '2026-12-26' },
        people: [],
      },
    ]);
    expect(days(['DTSTART;VALUE=DATE:20261224'])).toEqual(['2026-12-24']);
  });

  test('a folded line is one line, and people are those it names', () => {
    const [entry] = read([
      'DTSTART;VALUE=DATE:20261224',
      'ATTENDEE;CN="Ana: A; B":mailto:ANA@orchard',
      ' line.example',
    ]);
    expect(entry?.people).toEqual(['ana@orchardline.example']);
  });

  test('weekly leave keeps its time on the wall over the change of the clocks', () => {
    expect(
      show(['UID:1', 'DTSTART;TZID=Europe/Berlin:20270320T090000', 'DURATION:PT4H', 'RRULE:FREQ=WEEKLY;COUNT=2']),
    ).toEqual(['2027-03-20T08:00 2027-03-20T12:00', '2027-03-27T08:00 2027-03-27T12:00']);
  });

  test.each([
    ['the fourth Thursday of November', '20201126', 'FREQ=YEARLY;BYMONTH=11;BYDAY=4TH', ['2026-11-26', '2027-11-25']],
    ['the last Monday of May', '20200525', 'FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO', ['2027-05-31']],
    [
      'the 31st, where there is one',
      '20270131',
      'FREQ=MONTHLY;UNTIL=20270601',
      ['2027-01-31', '2027-03-31', '2027-05-31'],
    ],
    [
      'the last day of the month',
      '20270131',
      'FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3',
      ['2027-01-31', '2027-02-28', '2027-03-31'],
    ],
    [
      'every other week on two days',
      '20270104',
      'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;COUNT=4',
      ['2027-01-04', '2027-01-08', '2027-01-18', '2027-01-22'],
    ],
    ['a holiday of a fixed day', '19701225', 'FREQ=YEARLY', ['2026-12-25']],
    [
      'weekdays, counted from long ago',
      '20261101',
      'FREQ=DAILY;BYDAY=SA,SU;COUNT=3',
      ['2026-11-01', '2026-11-07', '2026-11-08'],
    ],
  ])('%s', (_, start, rule, wanted) => {
    expect(days([`DTSTART;VALUE=DATE:${start}`, `RRULE:${rule}`])).toEqual(wanted);
  });

  test('exceptions are left out, moved ones are where they were moved, cancelled ones nowhere', () => {
    const series = ['UID:s', 'DTSTART;VALUE=DATE:20270104', 'RRULE:FREQ=WEEKLY;COUNT=4', 'EXDATE;VALUE=DATE:20270111'];
    const moved = ['UID:s', 'RECURRENCE-ID;VALUE=DATE:20270118', 'DTSTART;VALUE=DATE:20270119'];
    const cancelled = ['UID:s', 'RECURRENCE-ID;VALUE=DATE:20270125', 'DTSTART;VALUE=DATE:20270125', 'STATUS:CANCELLED'];
    expect(days(series, moved, cancelled)).toEqual(['2027-01-04', '2027-01-19']);
  });

  test('row 86: a floating time is one of the zone the calendar was added with', () => {
    expect(show(['DTSTART:20261224T090000', 'DTEND:20261224T170000'])).toEqual(['2026-12-24T08:00 2026-12-24T16:00']);
  });

  test.each([
    ['Pacific Standard Time', '2026-12-24T17:00'],
    ['W. Europe Standard Time', '2026-12-24T08:00'],
    ['/freeassociation.sourceforge.net/Europe/Kyiv', '2026-12-24T07:00'],
    ['America/Argentina/Buenos_Aires', '2026-12-24T12:00'],
    ['Europe/Kiev', '2026-12-24T07:00'],
  ])('row 86: the zone “%s” is mapped', (name, at) => {
    expect(show([`DTSTART;TZID=${name}:20261224T090000`, 'DURATION:PT1H'])[0]?.slice(0, 16)).toBe(at);
  });

  test('row 86: a zone of its own is what its VTIMEZONE says it is, and one nobody knows is refused with the line', () => {
    const own = (more: string) =>
      `BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:Office\n${more}END:VTIMEZONE\nBEGIN:VEVENT\nDTSTART;TZID=Office:20261224T090000\nDURATION:PT1H\nEND:VEVENT\nEND:VCALENDAR`;
    expect(readCalendar(own('X-LIC-LOCATION:Asia/Tokyo\n'), 'UTC', FROM, TO)[0]?.from.toISOString()).toBe(
      '2026-12-24T00:00:00.000Z',
    );
    expect(refusal(own(''))).toEqual([422, 'line 6: the time zone Office is not known']);
  });
});

describe('row 85: a calendar that would run for ever', () => {
  test.each([
    ['FREQ=SECONDLY', 'by day, week, month or year'],
    ['FREQ=MINUTELY', 'by day, week, month or year'],
    ['FREQ=DAILY;INTERVAL=0', 'INTERVAL=0 cannot be'],
    ['FREQ=DAILY;INTERVAL=-1', 'INTERVAL=-1 cannot be'],
    ['FREQ=MONTHLY;BYDAY=0TH', 'BYDAY=0TH cannot be'],
    ['FREQ=MONTHLY;BYDAY=6MO', 'BYDAY=6MO cannot be'],
    ['FREQ=MONTHLY;BYMONTHDAY=32', 'BYMONTHDAY=32 cannot be'],
    ['FREQ=YEARLY;BYWEEKNO=53', 'BYWEEKNO is not read'],
    ['FREQ=MONTHLY;BYSETPOS=1;BYDAY=MO', 'BYSETPOS is not read'],
    ['FREQ=DAILY;FREQ=DAILY', 'FREQ stands there twice'],
    ['FREQ=DAILY;COUNT=1e9', 'COUNT=1E9 cannot be'],
  ])('%s is refused with its line', (rule, why) => {
    const [status, message] = refused('DTSTART:19700101T000000Z', `RRULE:${rule}`, 'DURATION:PT1H');
    expect([status, message.startsWith('line 6: ')]).toEqual([422, true]);
    expect(message).toContain(why);
  });

  test.each([
    [
      'a count of a thousand million',
      ['DTSTART:20261101T000000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;COUNT=1000000000'],
    ],
    ['no end, since 1970', ['DTSTART:19700101T000000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY']],
    ['no end, since 1900, by the month', ['DTSTART;VALUE=DATE:19000131', 'RRULE:FREQ=MONTHLY']],
    ['the 30th of February for ever', ['DTSTART;VALUE=DATE:20260101', 'RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30']],
    ['no day at all', ['DTSTART;VALUE=DATE:20260101', 'RRULE:FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2;COUNT=5']],
  ])('%s is read within bounds or refused, in under 100 ms', (_, lines) => {
    const started = process.threadCpuUsage();
    let entries = 0;
    try {
      entries = read(lines).length;
    } catch (error) {
      expect(error).toMatchObject({ status: 422 });
    }
    expect(usedMs(started)).toBeLessThan(100);
    expect(entries).toBeLessThanOrEqual(5000);
  });

  test('many of them together share one budget', () => {
    const daily = Array.from({ length: 50 }, (_, n) => [`UID:${n}`, 'DTSTART;VALUE=DATE:20200101', 'RRULE:FREQ=DAILY']);
    const started = process.threadCpuUsage();
    expect(refusal(file(...daily))[1]).toContain('more than 5000 entries');
    expect(usedMs(started)).toBeLessThan(100);
  });

  test('EXRULE equal to RRULE, a part without an end, two starts, and what is no calendar, each with its line', () => {
    expect(refused('DTSTART;VALUE=DATE:20270101', 'RRULE:FREQ=DAILY', 'EXRULE:FREQ=DAILY')).toEqual([
      422,
      'line 7: EXRULE is not read; write the exceptions as EXDATE',
    ]);
    expect(refusal('BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20270101')).toEqual([
      422,
      'line 2: BEGIN:VEVENT has no end',
    ]);
    expect(refused('DTSTART:20270101T000000Z', 'DTSTART:20280101T000000Z')[1]).toBe(
      'line 6: a second DTSTART in one entry',
    );
    expect(refused('DTSTART:20270230T000000Z')[1]).toBe('line 5: 20270230T000000Z is no time');
    expect(refusal('<html>sign in</html>')).toEqual([422, 'line 1: there is no colon']);
    expect(refusal('hello: world')[1]).toContain('BEGIN:VCALENDAR is missing');
  });

  test('noise of any kind is read or refused with a line, and never hangs', () => {
    const pieces = [
      'BEGIN:VEVENT',
      'END:VEVENT',
      'DTSTART:20270101',
      'RRULE:FREQ=DAILY',
      'DTEND:2027',
      ' x',
      ':',
      ';=',
      '"',
    ];
    let state = 7;
    const random = (n: number) => (state = (state * 1103515245 + 12345) % 2147483648) % n;
    for (let round = 0; round < 500; round++) {
      const text = [
        'BEGIN:VCALENDAR',
        ...Array.from({ length: 12 }, () => pieces[random(pieces.length)]),
        'END:VCALENDAR',
      ];
      try {
        readCalendar(text.join('\n'), 'UTC', FROM, TO);
      } catch (error) {
        expect(error).toMatchObject({ status: 422, rule: 'people.calendar_line' });
      }
    }
  });
});
