/** What crosses the wire for cases: groups with one probable cause, why, and which changes are suspected. */
import { z } from 'zod';
import { endpoint, instant, pageOf, pageQuery } from './core.ts';

const node = z.object({ id: z.string(), name: z.string(), slug: z.string() });
const byId = z.strictObject({ id: z.string().min(1).max(100) });

/** What a group's row says about the case it stands in. */
export const caseOfGroup = z.object({
  id: z.string(),
  state: z.enum(['open', 'ended', 'undone']),
  /** `lead` = its people were asked about the whole case. */
  role: z.enum(['lead', 'member']),
  leadGroupId: z.string(),
  origin: node,
  /** The origin does not alert itself. */
  silent: z.boolean(),
  reasons: z.array(z.string()),
  /** Of the whole case. */
  groups: z.number().int(),
  services: z.number().int(),
  alerts: z.number().int(),
  /** Groups about which nobody is asked because of it. */
  held: z.number().int(),
});
export type CaseOfGroup = z.infer<typeof caseOfGroup>;

export const held = z.object({
  kind: z.enum(['correlation', 'inhibition', 'rule']),
  by: z.string(),
  why: z.string(),
  at: instant,
});

const severity = z.enum(['critical', 'error', 'warning', 'info']);
export const caseMember = z.object({
  groupId: z.string(),
  title: z.string(),
  severity,
  state: z.enum(['open', 'acknowledged', 'resolved']),
  service: node.nullable(),
  alertCount: z.number().int(),
  firingCount: z.number().int(),
  /** When it began, by its source when usable. */
  since: instant,
  resolvedAt: instant.nullable(),
  held: held.nullable(),
  incidentKey: z.string().nullable(),
});
export type CaseMember = z.infer<typeof caseMember>;

export const correlation = z.object({
  id: z.string(),
  state: z.enum(['open', 'ended', 'undone']),
  origin: node,
  silent: z.boolean(),
  leadGroupId: z.string(),
  reasons: z.array(z.string()),
  openedAt: instant,
  endedAt: instant.nullable(),
  endedReason: z.string().nullable(),
  separated: z.array(z.object({ service: node, by: z.string(), at: instant, reason: z.string() })),
  members: z.array(caseMember),
  history: z.array(z.object({ at: instant, text: z.string() })),
  exercise: z.boolean(),
});
export type Correlation = z.infer<typeof correlation>;

export const suspect = z.object({
  change: z.object({
    id: z.string(),
    summary: z.string(),
    kind: z.string(),
    source: z.string(),
    url: z.string().nullable(),
    at: instant,
    service: node.nullable(),
  }),
  /** 0 to 100: time × place × risk. */
  score: z.number().int(),
  factors: z.object({ time: z.number(), place: z.number(), risk: z.number() }),
  reasons: z.array(z.string()),
});
export type Suspect = z.infer<typeof suspect>;
export const suspects = z.object({ since: instant, items: z.array(suspect) });

/** Of an incident: the case its alerts stand in, and the change that fits best. */
export const probableOrigin = z.object({
  node,
  /** It does not alert itself. */
  silent: z.boolean(),
  /** False: it was thought so; the case is over. */
  open: z.boolean(),
  reasons: z.array(z.string()),
  services: z.number().int(),
  alerts: z.number().int(),
  leadGroupId: z.string(),
  suspect: suspect.nullable(),
});
export type ProbableOrigin = z.infer<typeof probableOrigin>;

export const correlationEndpoints = {
  listCorrelations: endpoint({
    id: 'signals.listCorrelations',
    method: 'GET',
    path: '/api/v1/correlations',
    summary: 'Cases of alert groups with one probable cause, newest first',
    access: 'read',
    query: z.strictObject({ limit: pageQuery.limit, state: z.enum(['open', 'ended', 'undone']).optional() }),
    response: pageOf(correlation),
  }),
  getCorrelation: endpoint({
    id: 'signals.getCorrelation',
    method: 'GET',
    path: '/api/v1/correlations/:id',
    summary: 'One case with its groups, its reasons and what became of it',
    access: 'read',
    params: byId,
    response: correlation,
  }),
  separateService: endpoint({
    id: 'signals.separateService',
    method: 'POST',
    path: '/api/v1/correlations/:id/separate',
    summary: 'Take a service out of a case; its people are asked',
    access: 'signals.separateService',
    params: byId,
    body: z.strictObject({ serviceId: z.string().max(100), reason: z.string().max(500).optional() }),
    response: correlation,
  }),
  rejoinService: endpoint({
    id: 'signals.rejoinService',
    method: 'POST',
    path: '/api/v1/correlations/:id/rejoin',
    summary: 'Put a service back into the case it was taken out of',
    access: 'signals.rejoinService',
    params: byId,
    body: z.strictObject({ serviceId: z.string().max(100) }),
    response: correlation,
  }),
  undoCorrelation: endpoint({
    id: 'signals.undoCorrelation',
    method: 'POST',
    path: '/api/v1/correlations/:id/undo',
    summary: 'These have no common cause: each group stands on its own and is asked about',
    access: 'signals.undoCorrelation',
    params: byId,
    body: z.strictObject({ reason: z.string().max(500).optional() }).optional(),
    response: correlation,
  }),
  suspectsOfGroup: endpoint({
    id: 'signals.suspectsOfGroup',
    method: 'GET',
    path: '/api/v1/alert-groups/:id/suspects',
    summary: 'Changes that may have caused it, likeliest first, with the arithmetic',
    access: 'read',
    params: byId,
    response: suspects,
  }),
};
