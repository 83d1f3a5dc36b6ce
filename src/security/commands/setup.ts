/** Makes the first administrator; the one-time token printed at start works once, whoever is faster. */
import { Problem } from '#kernel';
import { sql } from '#kernel';
import { command } from '../command.ts';
import { hashPassword } from '../passwords.ts';
import { setupNeeded } from '../queries.ts';
import { checkTimeZone } from '../time-zone.ts';
import { insertUser, tokenHash } from '../store.ts';

export const setup = command(
  'security.setup',
  { allow: 'public' },
  async (ctx, input: { token: string; name: string; email: string; password: string; timeZone: string }) => {
    const timeZone = checkTimeZone(input.timeZone);
    const passwordHash = await hashPassword(input.password);
    // One at a time: fifty at once still make one administrator.
    await sql`select pg_advisory_xact_lock(hashtext('security.setup'))`.execute(ctx.db);
    if (!(await setupNeeded(ctx.db)))
      throw new Problem(409, 'This installation already has an administrator', {
        rule: 'security.setup',
        detail: 'Sign in, or ask an administrator for an invitation.',
      });
    const used = await ctx.db
      .updateTable('security.setupTokens')
      .set({ usedAt: ctx.now })
      .where('tokenHash', '=', tokenHash(input.token))
      .where('usedAt', 'is', null)
      .returning('tokenHash')
      .executeTakeFirst();
    if (!used)
      throw new Problem(403, 'This set-up link is not valid', {
        rule: 'security.setup_token',
        detail: 'Use the link from the latest start of the server.',
      });
    const userId = await insertUser(ctx, {
      email: input.email,
      name: input.name,
      roles: ['admin'],
      passwordHash,
      timeZone,
    });
    ctx.audit.subject = userId;
    ctx.audit.after = { email: input.email, name: input.name, roles: ['admin'] };
    return { userId };
  },
);
