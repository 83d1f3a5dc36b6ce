/** Ends the watchdog's page and forgets it: it called nobody, and its trip is kept elsewhere. */
import { command } from '#security';
import { quieten } from '../../paging.ts';
import { SINK_KEY } from '../../plan.ts';

/** Returns whether there was one. No other page can be forgotten by it. */
export const forgetSunkPage = command(
  'people.forgetSunkPage',
  { allow: 'internal', subject: (input: { pageId: string }) => input.pageId },
  async (ctx, { pageId }): Promise<{ forgotten: boolean }> => {
    ctx.audit.skip = true;
    const page = await ctx.db
      .selectFrom('people.pages')
      .select('id')
      .where('id', '=', pageId)
      .where('targetKey', '=', SINK_KEY)
      .forUpdate()
      .executeTakeFirst();
    if (!page) return { forgotten: false };
    await quieten(ctx, page.id, 'the trip is over');
    await ctx.db.deleteFrom('people.pages').where('id', '=', page.id).execute();
    return { forgotten: true };
  },
);
