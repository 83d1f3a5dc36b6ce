/** Registers a URL that receives our signed webhooks, and makes its secret. */
import { randomBytes } from 'node:crypto';
import { checkUrl, newId, seal } from '#kernel';
import { command } from '#security';
import { secretPlace } from '../store.ts';

/** Throws 422 when the URL may not be called. The secret is returned here and never again. */
export const registerEndpoint = command(
  'channels.registerEndpoint',
  {
    allow: 'internal',
    subject: (_input: { url: string; owner: string }, result: { endpointId: string; secret: string }) =>
      result.endpointId,
  },
  async (ctx, { url, owner }) => {
    const endpointId = newId('whk');
    const secret = `whsec_${randomBytes(32).toString('base64')}`;
    await ctx.db
      .insertInto('channels.endpoints')
      .values({
        id: endpointId,
        url: checkUrl(url).toString(),
        sealedSecret: seal(secret, secretPlace(endpointId)),
        owner,
        createdAt: ctx.now,
      })
      .execute();
    ctx.audit.after = { url, owner };
    return { endpointId, secret };
  },
);
