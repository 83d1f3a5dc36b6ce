/** What an operator may change about proofs: when test pages go out, and how early a shift is announced. */
import { z } from 'zod';
import { defineSetting } from '#kernel';

export const testPages = defineSetting({
  key: 'people.testPages',
  schema: z.strictObject({
    on: z.boolean(),
    /** 1 Monday … 7 Sunday, on the wall of each person. */
    weekday: z.number().int().min(1).max(7),
    time: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time such as 10:00'),
    /** Hours in which a test page wants its answer. */
    answerWithinHours: z.number().int().min(1).max(168),
    /** A method without an answered test for so many days is overdue. */
    overdueAfterDays: z.number().int().min(1).max(365),
  }),
  default: { on: true, weekday: 2, time: '10:00', answerWithinHours: 24, overdueAfterDays: 14 },
  help: 'Every week each person who can be called gets a test page on each confirmed method, at this hour on their own clock, and answers it there. It proves that a page arrives. It is no page and counts nowhere.',
});

export const shiftWarnings = defineSetting({
  key: 'people.shiftWarnings',
  schema: z.strictObject({
    on: z.boolean(),
    /** `1 day` is the same time on the person's clock the day before, whatever the clocks do; `1 h` is an hour. */
    before: z.array(z.string().regex(/^([1-9]|1[0-4]) day$|^([1-9]|1\d|2[0-3]) h$/, 'such as 1 day or 1 h')).max(4),
  }),
  default: { on: true, before: ['1 day', '1 h'] },
  help: 'How long before a shift its person is told. When they cannot be reached, the owner of the schedule is told too.',
});
