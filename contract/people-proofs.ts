/** Proof that a page would arrive: reachability, test pages, findings, changes that hide trouble. Part of `people.ts`. */
import { z } from 'zod';
import { endpoint, instant, pageOf, pageQuery, personRef } from './core.ts';
import { someId } from './people-schedules.ts';

/** `proven` a test was answered or a page arrived lately · `untested` · `doubtful` a test was missed · `unverified` never confirmed · `dead` off or failing. */
export const methodState = z.enum(['proven', 'untested', 'doubtful', 'unverified', 'dead']);
/** As good as the person's best method. */
export const reachState = z.enum(['reachable', 'untested', 'doubtful', 'unreachable']);
export type ReachState = z.infer<typeof reachState>;

const named = z.object({ id: z.string(), name: z.string() });

export const reachMethod = z.object({
  id: z.string(),
  channel: z.string(),
  /** An address; of a number only the end. */
  shown: z.string(),
  state: methodState,
  /** Why, in words. */
  reason: z.string(),
  /** Confirmed, and without an answered test for too long. */
  overdue: z.boolean(),
  /** A test is under way and wants an answer until then. */
  testUntil: instant.nullable(),
  lastTest: z
    .object({ at: instant, state: z.enum(['confirmed', 'missed', 'failed']), error: z.string().nullable() })
    .nullable(),
  /** The last real page by it, with its receipt. Drills and tests are none. */
  lastPage: z.object({ at: instant, arrived: z.boolean(), error: z.string().nullable() }).nullable(),
});
export type ReachMethod = z.infer<typeof reachMethod>;

export const reachPerson = z.object({
  person: personRef,
  state: reachState,
  overdue: z.boolean(),
  methods: z.array(reachMethod),
  nextShift: z
    .object({ scheduleId: z.string(), schedule: z.string(), from: instant, to: instant, now: z.boolean() })
    .nullable(),
});
export type ReachPerson = z.infer<typeof reachPerson>;

export const reachShift = z.object({
  schedule: named,
  person: personRef,
  from: instant,
  to: instant,
  now: z.boolean(),
  state: reachState,
  /** The methods that work. */
  by: z.array(z.object({ channel: z.string(), shown: z.string() })),
  warnings: z.array(z.string()),
});
export type ReachShift = z.infer<typeof reachShift>;

export const reachGap = z.object({
  schedule: named,
  from: instant,
  to: instant,
  why: z.string(),
  /** Hours in which nobody is meant to be on duty. */
  intended: z.boolean(),
  /** When its owner was told. */
  toldAt: instant.nullable(),
});
export type ReachGap = z.infer<typeof reachGap>;

export const reachability = z.object({
  at: instant,
  until: instant,
  counts: z.object({
    people: z.number(),
    reachable: z.number(),
    untested: z.number(),
    doubtful: z.number(),
    unreachable: z.number(),
    /** People with a method that wants a test. */
    overdue: z.number(),
    gaps: z.number(),
  }),
  /** The one thing to do next; `to` is a screen, or `test`: send test pages to everybody. */
  next: z.object({ title: z.string(), reason: z.string(), label: z.string(), to: z.string() }).nullable(),
  people: z.array(reachPerson),
  /** Of the next 14 days, soonest first, at most 200. */
  shifts: z.array(reachShift),
  gaps: z.array(reachGap),
  /** When the weekly test pages go out, on each person's own clock. */
  tests: z.object({
    on: z.boolean(),
    weekday: z.number(),
    time: z.string(),
    answerWithinHours: z.number(),
    overdueAfterDays: z.number(),
  }),
});
export type Reachability = z.infer<typeof reachability>;

export const testState = z.enum(['waiting', 'confirmed', 'missed', 'failed']);
export const testPage = z.object({
  id: z.string(),
  roundId: z.string(),
  kind: z.enum(['scheduled', 'asked']),
  askedBy: personRef.nullable(),
  person: personRef,
  channel: z.string(),
  shown: z.string(),
  state: testState,
  sentAt: instant,
  deliveredAt: instant.nullable(),
  answerBy: instant,
  settledAt: instant.nullable(),
  confirmedVia: z.string().nullable(),
  error: z.string().nullable(),
});
export type TestPage = z.infer<typeof testPage>;

export const finding = z.object({
  id: z.string(),
  kind: z.enum(['no_next_step', 'step_late']),
  pageId: z.string(),
  title: z.string(),
  text: z.string(),
  raisedPageId: z.string().nullable(),
  foundAt: instant,
});
export type Finding = z.infer<typeof finding>;

export const hidingChange = z.object({
  seq: z.number(),
  kind: z.string(),
  action: z.string(),
  subject: z.string().nullable(),
  actorName: z.string(),
  text: z.string(),
  at: instant,
  toldAt: instant,
});
export type HidingChange = z.infer<typeof hidingChange>;

export const proofEndpoints = {
  reachability: endpoint({
    id: 'people.reachability',
    method: 'GET',
    path: '/api/v1/reachability',
    summary:
      'Who can be called, by what it is proven that it reaches them, and which shifts and hours of the next 14 days are in doubt',
    access: 'read',
    response: reachability,
  }),
  testPages: endpoint({
    id: 'people.testPages',
    method: 'GET',
    path: '/api/v1/test-pages',
    summary: 'Test pages, newest first: what was sent where, and whether the person answered there',
    access: 'read',
    query: z.strictObject({ ...pageQuery, state: testState.optional(), userId: someId.optional() }),
    response: pageOf(testPage),
  }),
  sendTestPages: endpoint({
    id: 'people.sendTestPages',
    method: 'POST',
    path: '/api/v1/test-pages',
    summary: 'Send test pages now: to yourself, one person, a team, or everybody who can be called',
    access: 'people.sendTestPages',
    body: z.strictObject({ userId: someId.optional(), teamId: someId.optional(), all: z.boolean().optional() }),
    response: z.object({
      roundId: z.string(),
      sent: z.number(),
      /** People with no confirmed method: there was nothing to test. */
      withoutMethod: z.array(personRef),
      /** Methods that wait for an answer already. */
      waiting: z.number(),
    }),
    status: 202,
  }),
  findings: endpoint({
    id: 'people.findings',
    method: 'GET',
    path: '/api/v1/findings',
    summary: 'Open pages that were found without a next step, and what was done about it',
    access: 'read',
    response: z.object({ items: z.array(finding) }),
  }),
  hidingChanges: endpoint({
    id: 'people.hidingChanges',
    method: 'GET',
    path: '/api/v1/hiding-changes',
    summary:
      'Changes that can hide trouble (silences, emptied rotations, integrations switched off …), as they were told to the owners',
    access: 'read',
    response: z.object({ items: z.array(hidingChange) }),
  }),
};
