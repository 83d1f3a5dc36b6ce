/** Changes a further status page; a page that opens by a token from now on gets one, and a new one on demand. */
import { command } from '#security';
import { newPageToken, type PageFields, type PageRow, thePage, updatePage } from '../pages/store.ts';
import { requestRender } from '../statuspage/jobs.ts';

export type SavePageInput = { id: string; newToken?: boolean | undefined } & {
  [K in keyof PageFields]?: PageFields[K] | undefined;
};

export const savePage = command(
  'comms.savePage',
  { allow: 'admin', subject: (input: SavePageInput) => input.id },
  async (ctx, { id, newToken, ...rest }): Promise<{ row: PageRow; token: string | null }> => {
    const before = await thePage(ctx, id);
    const change = Object.fromEntries(
      Object.entries(rest).filter(([, value]) => value !== undefined),
    ) as Partial<PageFields>;
    const byToken = (change.audience ?? before.audience) === 'token';
    const made = byToken && (newToken === true || before.tokenHash === null) ? newPageToken() : null;
    const row = await updatePage(ctx, before, change, byToken ? (made?.tokenHash ?? before.tokenHash) : null);
    ctx.audit.before = { name: before.name, audience: before.audience, host: before.host };
    ctx.audit.after = {
      ...change,
      ...(change.logo !== undefined && { logo: change.logo === null ? null : 'a picture' }),
      newToken: made !== null,
    };
    await requestRender(ctx);
    return { row, token: made?.token ?? null };
  },
);
