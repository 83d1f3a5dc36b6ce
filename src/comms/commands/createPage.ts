/** Makes a further status page. */
import { command } from '#security';
import { insertPage, newPageToken, type PageFields, type PageRow } from '../pages/store.ts';
import { requestRender } from '../statuspage/jobs.ts';

export const createPage = command(
  'comms.createPage',
  { allow: 'admin', subject: (_input: PageFields, result: { row: PageRow; token: string | null }) => result.row.id },
  async (ctx, input): Promise<{ row: PageRow; token: string | null }> => {
    const made = input.audience === 'token' ? newPageToken() : null;
    const row = await insertPage(ctx, input, made?.tokenHash ?? null);
    ctx.audit.after = { ...input, logo: input.logo === null ? null : 'a picture' };
    await requestRender(ctx);
    return { row, token: made?.token ?? null };
  },
);
