/** Removes a program that no policy calls any more. A running page that still names it says in its log that it is gone. */
import { removeEndpoint } from '#channels';
import { command } from '#security';
import { found, refuseInUse } from '../checks.ts';
import { usesOfTarget } from '../policies.ts';
import { tellScreens } from '../saving.ts';

/** Throws 404, 409 with the policies that use it. */
export const deletePageWebhook = command(
  'people.deletePageWebhook',
  { allow: 'manager', subject: (input: { id: string }) => input.id },
  async (ctx, { id }) => {
    const row = found(
      await ctx.db
        .selectFrom('people.pageWebhooks')
        .selectAll()
        .where('endpointId', '=', id)
        .forUpdate()
        .executeTakeFirst(),
      'Webhook',
      id,
    );
    refuseInUse(row.name, await usesOfTarget(ctx.db, 'webhook', id));
    await ctx.db.deleteFrom('people.pageWebhooks').where('endpointId', '=', id).execute();
    await removeEndpoint(ctx, { endpointId: id });
    await tellScreens(ctx, 'webhook', id);
    ctx.audit.before = { name: row.name };
    return {};
  },
);
