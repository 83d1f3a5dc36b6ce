/** HTTP ↔ the record as a whole: who may read it. */
import { recordEndpoints as at } from '#contract/incidents-record';
import { route } from '#kernel';
import { setAccess } from '../commands/setAccess.ts';
import { accessOf } from './access.ts';

export const recordRoutes = [
  route(at.access, async ({ ctx, params }) => accessOf(ctx, params.id)),
  route(at.setAccess, async ({ ctx, params, body }) => {
    await setAccess(ctx, { ...body, incidentId: params.id });
    return accessOf(ctx, params.id);
  }),
];
