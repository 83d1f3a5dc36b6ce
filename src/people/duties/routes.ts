/** Roles, practice and the bench over HTTP. */
import { endpoints } from '#contract/people';
import { route } from '#kernel';
import { editedVersion, tagged } from '../etag.ts';
import { certify } from './commands/certify.ts';
import { createRole } from './commands/createRole.ts';
import { recordPractice } from './commands/recordPractice.ts';
import { retireRole } from './commands/retireRole.ts';
import { updateRole } from './commands/updateRole.ts';
import { withdrawCertification } from './commands/withdrawCertification.ts';
import { benchOf, listRoles, practicesOf, roleView, suggestionFor } from './queries.ts';

export const dutyRoutes = [
  route(endpoints.roles, async ({ ctx }) => ({ items: await listRoles(ctx) })),
  route(endpoints.role, async ({ ctx, params, reply }) => tagged(reply, await roleView(ctx, params.key))),
  route(endpoints.createRole, async ({ ctx, body, reply }) =>
    tagged(reply, await roleView(ctx, (await createRole(ctx, body)).key)),
  ),
  route(endpoints.updateRole, async ({ ctx, params, body, request, reply }) => {
    await updateRole(ctx, { ...body, key: params.key, version: editedVersion(request, body.version) });
    return tagged(reply, await roleView(ctx, params.key));
  }),
  route(endpoints.retireRole, async ({ ctx, params }) => retireRole(ctx, params)),
  route(endpoints.bench, async ({ ctx }) => benchOf(ctx)),
  route(endpoints.roleSuggestion, async ({ ctx, params, query }) => ({
    items: await suggestionFor(ctx, params.key, new Date(query.from), new Date(query.to)),
  })),
  route(endpoints.practices, async ({ ctx, query }) => ({ items: await practicesOf(ctx, query) })),
  route(endpoints.recordPractice, async ({ ctx, body }) =>
    recordPractice(ctx, { ...body, at: body.at === undefined ? undefined : new Date(body.at) }),
  ),
  route(endpoints.certify, async ({ ctx, params, body }) => certify(ctx, { roleKey: params.key, ...body })),
  route(endpoints.withdrawCertification, async ({ ctx, params }) =>
    withdrawCertification(ctx, { roleKey: params.key, userId: params.userId }),
  ),
];
