/** Adds a program that steps of a policy can call, signed by the Standard Webhooks rules. */
import { registerEndpoint } from '#channels';
import { sql } from '#kernel';
import { command } from '#security';
import { refuseTaken } from '../checks.ts';
import { tellScreens } from '../saving.ts';

export interface CreatePageWebhook {
  name: string;
  url: string;
}

/** Returns the secret that signs its calls, this once. Throws 422 for an address that may not be called, 409 for a name that is taken. */
export const createPageWebhook = command(
  'people.createPageWebhook',
  { allow: 'manager', subject: (_input: CreatePageWebhook, result: { id: string; secret: string }) => result.id },
  async (ctx, { name, url }) => {
    const taken = await ctx.db
      .selectFrom('people.pageWebhooks')
      .select('endpointId as id')
      .where(sql<string>`lower(name)`, '=', name.toLowerCase())
      .executeTakeFirst();
    refuseTaken('webhook', name, taken);
    const { endpointId, secret } = await registerEndpoint(ctx, { url, owner: 'people.policies' });
    await ctx.db
      .insertInto('people.pageWebhooks')
      .values({ endpointId, name, createdBy: ctx.actor.id, createdAt: ctx.now })
      .execute();
    await tellScreens(ctx, 'webhook', endpointId);
    ctx.audit.after = { name, url };
    return { id: endpointId, secret };
  },
);
