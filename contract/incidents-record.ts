/** What crosses the wire about the record as a whole: who may read it, bundles that leave and come in, what was alike before. */
import { z } from 'zod';
import { endpoint, personRef } from './core.ts';

const byIncident = z.strictObject({ id: z.string() });

/** Who may read an incident. `people` is empty when everybody who is signed in may. */
export const access = z.object({ restricted: z.boolean(), people: z.array(personRef) });
export type Access = z.infer<typeof access>;

export const recordEndpoints = {
  access: endpoint({
    id: 'incidents.access',
    method: 'GET',
    path: '/api/v1/incidents/:id/access',
    summary: 'Who may read this incident; for everybody else a restricted one does not exist',
    access: 'read',
    params: byIncident,
    response: access,
  }),
  setAccess: endpoint({
    id: 'incidents.setAccess',
    method: 'PUT',
    path: '/api/v1/incidents/:id/access',
    summary: 'Restrict the incident to a list of people, change the list, or open it again',
    access: 'incidents.setAccess',
    params: byIncident,
    body: z.strictObject({
      restricted: z.boolean(),
      /** Beside the caller and whoever holds a role in it. */
      people: z.array(z.string().max(60)).max(200).optional(),
      reason: z.string().trim().min(1).max(500),
    }),
    response: access,
  }),
};
