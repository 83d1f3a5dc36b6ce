/** Takes a further status page away; its files go with the next rendering. */
import { command } from '#security';
import { thePage } from '../pages/store.ts';
import { requestRender } from '../statuspage/jobs.ts';

export const removePage = command(
  'comms.removePage',
  { allow: 'admin', subject: (input: { id: string }) => input.id },
  async (ctx, { id }): Promise<void> => {
    const { name, slug, audience } = await thePage(ctx, id);
    await ctx.db.deleteFrom('comms.pages').where('id', '=', id).execute();
    ctx.audit.before = { name, slug, audience };
    await requestRender(ctx);
  },
);
