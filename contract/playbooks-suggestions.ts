/** What is suggested at triage, with reasons; and how often people take it. Part of `playbooks.ts`. */
import { z } from 'zod';
import { endpoint, instant, personRef } from './core.ts';

export const suggestionKind = z.enum(['severity', 'service', 'playbook', 'fix']);
export type SuggestionKind = z.infer<typeof suggestionKind>;

export const triageSuggestion = z.object({
  kind: suggestionKind,
  /** `2`, a service's id, a playbook's, a past incident's. */
  value: z.string(),
  label: z.string(),
  /** 0 to 100. */
  score: z.number().int(),
  /** Most telling first. */
  reasons: z.array(z.string()),
  /** Of a known fix: what it was then and what was done. */
  detail: z.object({ cause: z.string().nullable(), actions: z.array(z.string()) }),
  /** What one click does: "Declare SEV2". */
  does: z.string(),
  state: z.enum(['shown', 'accepted', 'refused', 'other']),
  decided: z
    .object({ at: instant, by: personRef.nullable(), via: z.enum(['click', 'hand']), said: z.string().nullable() })
    .nullable(),
});
export type TriageSuggestion = z.infer<typeof triageSuggestion>;

const list = z.object({ items: z.array(triageSuggestion) });
const byId = z.strictObject({ id: z.string().min(1).max(100) });

/** Which one: exactly one of group and incident. */
const which = {
  groupId: z.string().min(1).max(100).optional(),
  incidentId: z.string().min(1).max(100).optional(),
  kind: suggestionKind,
  value: z.string().min(1).max(100),
};
const one = (body: { groupId?: string | undefined; incidentId?: string | undefined }) =>
  (body.groupId === undefined) !== (body.incidentId === undefined);
const oneOfTwo = { message: 'name a group or an incident, not both', path: ['groupId'] };

const counts = {
  shown: z.number().int(),
  accepted: z.number().int(),
  /** Accepted of what was decided; null while nothing was. */
  rate: z.number().nullable(),
};
export const acceptance = z.object({
  from: instant,
  to: instant,
  kinds: z.array(
    z.object({
      kind: suggestionKind,
      ...counts,
      /** Of those accepted: by the button; the others were done by hand. */
      clicked: z.number().int(),
      refused: z.number().int(),
      /** Something else of the kind was chosen. */
      other: z.number().int(),
      /** Nobody has said anything. */
      open: z.number().int(),
      weeks: z.array(z.object({ from: instant, ...counts, decided: z.number().int() })),
    }),
  ),
});
export type Acceptance = z.infer<typeof acceptance>;

export const suggestionEndpoints = {
  suggestionsForGroup: endpoint({
    id: 'playbooks.suggestionsForGroup',
    method: 'GET',
    path: '/api/v1/alert-groups/:id/suggestions',
    summary: 'Severity, service, playbook and known fix suggested for an alert group, with reasons',
    access: 'read',
    params: byId,
    response: list,
  }),
  suggestionsForIncident: endpoint({
    id: 'playbooks.suggestionsForIncident',
    method: 'GET',
    path: '/api/v1/incidents/:id/suggestions',
    summary: 'Severity, service, playbook and known fix suggested for an incident, with reasons',
    access: 'read',
    params: byId,
    response: list,
  }),
  acceptSuggestion: endpoint({
    id: 'playbooks.acceptSuggestion',
    method: 'POST',
    path: '/api/v1/suggestions/accept',
    summary: 'Take a suggestion: it does what its button says, in your name',
    access: 'playbooks.acceptSuggestion',
    body: z.strictObject({ ...which, inputs: z.record(z.string(), z.unknown()).optional() }).refine(one, oneOfTwo),
    response: z.object({
      incident: z.object({ id: z.string(), key: z.string() }).nullable(),
      /** The incident was declared by this. */
      declared: z.boolean(),
      items: z.array(triageSuggestion),
    }),
  }),
  refuseSuggestion: endpoint({
    id: 'playbooks.refuseSuggestion',
    method: 'POST',
    path: '/api/v1/suggestions/refuse',
    summary: 'Say that a suggestion is wrong here',
    access: 'playbooks.refuseSuggestion',
    body: z.strictObject({ ...which, reason: z.string().max(500).optional() }).refine(one, oneOfTwo),
    response: list,
  }),
  suggestionAcceptance: endpoint({
    id: 'playbooks.suggestionAcceptance',
    method: 'GET',
    path: '/api/v1/suggestions/acceptance',
    summary: 'How often people take what is suggested, by kind and week',
    access: 'read',
    query: z.strictObject({ weeks: z.coerce.number().int().min(1).max(53).default(12) }),
    response: acceptance,
  }),
};
