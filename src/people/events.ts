/** What people announces: how a page goes. */
import { z } from 'zod';
import { defineEvent } from '#kernel';

/** What a page is about: an alert group, an incident, … */
export const pageSubject = z.object({ kind: z.string(), id: z.string() });
const at = z.string();

export const pageStarted = defineEvent('page.started', z.object({ pageId: z.string(), subject: pageSubject, at }), {
  unheard: 'Whoever started the page knows; screens show it live.',
});
export const pageNotified = defineEvent(
  'page.sent',
  z.object({
    pageId: z.string(),
    subject: pageSubject,
    userId: z.string(),
    channel: z.string(),
    at,
  }),
  {
    unheard: 'The first page of a subject is asked for by pageTimes; screens show the rest live.',
  },
);
export const pageAcknowledged = defineEvent(
  'page.acknowledged',
  z.object({
    pageId: z.string(),
    subject: pageSubject,
    userId: z.string(),
    at,
    via: z.string(),
  }),
);
export const pageEscalated = defineEvent(
  'page.escalated',
  z.object({
    pageId: z.string(),
    subject: pageSubject,
    stage: z.string(),
    step: z.number(),
    round: z.number(),
    /** Counts the turns of the page: names this one. */
    turn: z.number(),
    text: z.string(),
  }),
);
export const pageReopened = defineEvent(
  'page.reopened',
  z.object({
    pageId: z.string(),
    subject: pageSubject,
    /** Who had it. */
    userId: z.string().nullable(),
    why: z.enum(['ack_timeout', 'snooze', 'given_back', 'reassigned']),
    at,
  }),
);
export const pageAssigned = defineEvent(
  'page.assigned',
  z.object({ pageId: z.string(), subject: pageSubject, userId: z.string(), by: z.string(), at }),
  { unheard: 'Whose page it is stands on the page; screens show it live.' },
);
export const pageUnanswered = defineEvent(
  'page.unanswered',
  z.object({ pageId: z.string(), subject: pageSubject, at }),
);
export const pageStopped = defineEvent(
  'page.stopped',
  z.object({ pageId: z.string(), subject: pageSubject, reason: z.string() }),
  {
    unheard: 'Screens show it live; whoever stopped the page knows already.',
  },
);
export const rosterChanged = defineEvent('people.changed', z.object({ what: z.string(), id: z.string() }));
export const benchAlarmRaised = defineEvent(
  'bench.alarm_raised',
  z.object({ alarmId: z.string(), role: z.string(), kind: z.string(), text: z.string() }),
  { unheard: 'Those who plan the rota are told by mail and on their home; screens show it live.' },
);
