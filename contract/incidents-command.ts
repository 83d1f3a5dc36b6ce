/** What crosses the wire about coordinating an incident: lanes, questions, open decisions, severity's history, who is here, files. */
import { z } from 'zod';
import { endpoint, instant, personRef } from './core.ts';

// As in incidents.ts, which gathers these endpoints and so cannot be read from here.
const role = z.string().regex(/^[a-z][a-z0-9_]{1,39}$/, 'not the name of a role');
const severity = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]);
const incidentParams = z.strictObject({ id: z.string() });
const line = (max: number) => z.string().trim().min(1).max(max);
const userId = z.string().max(60);

export const laneState = z.enum(['unstaffed', 'working', 'blocked', 'signed']);
export const laneItem = z.object({
  id: z.string(),
  text: z.string(),
  state: z.enum(['open', 'done', 'waived']),
  note: z.string(),
  by: z.string().nullable(),
  at: instant.nullable(),
});
export const lane = z.object({
  lane: z.string(),
  title: z.string(),
  /** Whoever holds this role answers for it. */
  role: z.string().nullable(),
  owner: personRef.nullable(),
  state: laneState,
  conditions: z.string(),
  actions: z.string(),
  needs: z.string(),
  reportedAt: instant.nullable(),
  reportedBy: z.string().nullable(),
  /** Whole minutes without a report when that is too long (15 or more); null while it is fresh or signed. */
  staleMinutes: z.number().nullable(),
  /** The incident does not close before this lane is signed. */
  holdsClose: z.boolean(),
  openedAt: instant,
  signedBy: personRef.nullable(),
  signedAt: instant.nullable(),
  items: z.array(laneItem),
});
export type Lane = z.infer<typeof lane>;

export const question = z.object({
  id: z.string(),
  text: z.string(),
  askedBy: personRef,
  askedAt: instant,
  owner: personRef.nullable(),
  ownerRole: z.string().nullable(),
  dueAt: instant.nullable(),
  overdue: z.boolean(),
  state: z.enum(['open', 'answered', 'withdrawn']),
  answer: z.string(),
  /** The answer is said in plain words and may be quoted to people who are no engineers. */
  plain: z.boolean(),
  settledBy: z.string().nullable(),
  settledAt: instant.nullable(),
});
export type Question = z.infer<typeof question>;

export const decisionPoint = z.object({
  id: z.string(),
  question: z.string(),
  owner: personRef.nullable(),
  dueAt: instant.nullable(),
  overdue: z.boolean(),
  state: z.enum(['open', 'decided', 'withdrawn']),
  openedBy: personRef,
  openedAt: instant,
  decisionId: z.string().nullable(),
  options: z.array(
    z.object({
      text: z.string(),
      /** CEL over the facts of the incident; null: no condition. */
      when: z.string().nullable(),
      /** Evaluated now. `unknown`: something it reads is not known; that is not a no. */
      applies: z.union([z.boolean(), z.literal('unknown'), z.null()]),
      why: z.string().nullable(),
    }),
  ),
  /** What the conditions read, each once: its value now and since when that is known; both null where it is not known. */
  inputs: z.array(
    z.object({
      name: z.string(),
      value: z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()]),
      asOf: instant.nullable(),
    }),
  ),
});
export type DecisionPoint = z.infer<typeof decisionPoint>;

const proposed = z.object({ severity, because: z.string() });
export const severityChoice = z.object({
  id: z.string(),
  at: instant,
  from: severity.nullable(),
  to: severity,
  proposed: severity.nullable(),
  because: z.string(),
  /** A person chose other than what was proposed. */
  overrides: z.boolean(),
  reason: z.string(),
  by: personRef,
});

export const span = z.object({
  lead: personRef,
  role: z.string(),
  reports: z.number(),
  /** Sub-teams, when more than seven report to one lead; empty otherwise. */
  proposal: z.array(z.object({ lead: personRef, members: z.array(personRef), on: z.string() })),
});

export const commandView = z.object({
  lanes: z.array(lane),
  questions: z.array(question),
  points: z.array(decisionPoint),
  /** What conditions read at this moment; empty while nothing is to be decided. */
  facts: z.record(z.string(), z.unknown()),
  severity: z.object({
    current: severity,
    /** What the matrix says of the services as they are affected; null while nobody has said how. */
    matrix: proposed.nullable(),
    /** The same where it differs from the present severity and nobody has decided against it. */
    proposal: proposed.nullable(),
    history: z.array(severityChoice),
  }),
  spans: z.array(span),
});
export type CommandView = z.infer<typeof commandView>;

export const presence = z.object({ people: z.array(z.object({ person: personRef, since: instant })) });

export const news = z.object({
  /** Where the reader last looked; null: never. */
  since: z.object({ seq: z.number(), at: instant }).nullable(),
  head: z.number(),
  entries: z.number(),
  highlights: z.array(
    z.object({ seq: z.number(), kind: z.string(), text: z.string(), occurredAt: instant, by: z.string() }),
  ),
});

export const attachment = z.object({
  id: z.string(),
  name: z.string(),
  /** By the bytes themselves. */
  mediaType: z.string(),
  size: z.number(),
  sha256: z.string(),
  uploadedBy: personRef,
  uploadedAt: instant,
});
export type Attachment = z.infer<typeof attachment>;

export const commandEndpoints = {
  command: endpoint({
    id: 'incidents.command',
    method: 'GET',
    path: '/api/v1/incidents/:id/command',
    summary: 'What the commander coordinates by: lanes, questions, open decisions, severity proposed, span of control',
    access: 'read',
    params: incidentParams,
    response: commandView,
  }),
  setLane: endpoint({
    id: 'incidents.setLane',
    method: 'POST',
    path: '/api/v1/incidents/:id/lanes/:lane',
    summary: 'A lane reports conditions, actions and needs; is taken, blocked or signed',
    access: 'incidents.setLane',
    params: z.strictObject({ id: z.string(), lane: z.string() }),
    body: z.strictObject({
      state: laneState.optional(),
      conditions: z.string().trim().max(1000).optional(),
      actions: z.string().trim().max(1000).optional(),
      needs: z.string().trim().max(1000).optional(),
      ownerId: userId.optional(),
    }),
    response: commandView,
  }),
  setLaneItem: endpoint({
    id: 'incidents.setLaneItem',
    method: 'POST',
    path: '/api/v1/incidents/:id/lanes/:lane/items',
    summary: 'Add a point to a lane (`text`), or settle one: done, or waived with authority and a reason',
    access: 'incidents.setLaneItem',
    params: z.strictObject({ id: z.string(), lane: z.string() }),
    body: z.strictObject({
      itemId: z.string().max(60).optional(),
      text: line(300).optional(),
      state: laneItem.shape.state.optional(),
      note: z.string().trim().max(1000).optional(),
    }),
    response: commandView,
  }),
  askQuestion: endpoint({
    id: 'incidents.askQuestion',
    method: 'POST',
    path: '/api/v1/incidents/:id/questions',
    summary: 'Ask what nobody knows yet; with an owner and a due time it is not forgotten',
    access: 'incidents.askQuestion',
    params: incidentParams,
    body: z.strictObject({
      text: line(1000),
      ownerId: userId.optional(),
      ownerRole: role.optional(),
      dueAt: instant.optional(),
    }),
    response: question,
    status: 201,
  }),
  setQuestion: endpoint({
    id: 'incidents.setQuestion',
    method: 'POST',
    path: '/api/v1/incident-questions/:questionId',
    summary: 'Answer a question, withdraw it, or give it to somebody else',
    access: 'incidents.setQuestion',
    params: z.strictObject({ questionId: z.string() }),
    body: z.strictObject({
      answer: line(5000).optional(),
      plain: z.boolean().optional(),
      withdraw: z.boolean().optional(),
      ownerId: userId.optional(),
      dueAt: instant.optional(),
    }),
    response: question,
  }),
  openDecision: endpoint({
    id: 'incidents.openDecision',
    method: 'POST',
    path: '/api/v1/incidents/:id/decision-points',
    summary: 'Put a decision on the table: options with the condition under which each is right',
    access: 'incidents.openDecision',
    params: incidentParams,
    body: z.strictObject({
      question: line(1000),
      options: z
        .array(z.strictObject({ text: line(500), when: z.string().trim().max(1000).optional() }))
        .min(2)
        .max(8),
      ownerId: userId.optional(),
      dueAt: instant.optional(),
    }),
    response: commandView,
    status: 201,
  }),
  withdrawDecision: endpoint({
    id: 'incidents.withdrawDecision',
    method: 'POST',
    path: '/api/v1/incident-decision-points/:pointId/withdrawn',
    summary: 'It no longer needs to be decided',
    access: 'incidents.withdrawDecision',
    params: z.strictObject({ pointId: z.string() }),
    body: z.strictObject({ reason: line(1000) }),
    response: commandView,
  }),
  presence: endpoint({
    id: 'incidents.presence',
    method: 'POST',
    path: '/api/v1/incidents/:id/presence',
    summary: 'Say that you have the room open (or have left it); answers who is here',
    access: 'read',
    params: incidentParams,
    body: z.strictObject({ here: z.boolean() }),
    response: presence,
  }),
  news: endpoint({
    id: 'incidents.news',
    method: 'GET',
    path: '/api/v1/incidents/:id/news',
    summary: 'What changed since you last looked',
    access: 'read',
    params: incidentParams,
    response: news,
  }),
  look: endpoint({
    id: 'incidents.look',
    method: 'POST',
    path: '/api/v1/incidents/:id/looks',
    summary: 'Remember up to which entry you have looked',
    access: 'read',
    params: incidentParams,
    body: z.strictObject({ seq: z.number().int().min(0).max(2_000_000_000) }),
    response: z.object({ seq: z.number() }),
  }),
  attachments: endpoint({
    id: 'incidents.attachments',
    method: 'GET',
    path: '/api/v1/incidents/:id/attachments',
    summary:
      'The files of an incident. Send one as raw bytes: POST here with ?name= and any media type, 10 MB at most; read one at /api/v1/incident-files/:fileId',
    access: 'read',
    params: incidentParams,
    response: z.object({ items: z.array(attachment) }),
  }),
  attachFile: endpoint({
    id: 'incidents.attachFile',
    method: 'POST',
    path: '/api/v1/incidents/:id/attached-texts',
    summary:
      'Attach a text as a file: a log excerpt, a query with its result. Pictures and other bytes go to /attachments',
    access: 'incidents.attachFile',
    params: incidentParams,
    body: z.strictObject({
      name: line(120),
      text: z.string().min(1).max(500_000),
      note: z.string().trim().max(1000).optional(),
    }),
    response: attachment,
    status: 201,
  }),
};
