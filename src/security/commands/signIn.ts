/** Signs a person in by e-mail and password; five failures in fifteen minutes close the door for that address. */
import { addMs, keyedHash, Problem } from '#kernel';
import { command } from '../command.ts';
import { checkPassword } from '../passwords.ts';
import { openSession } from '../store.ts';

const WINDOW_MS = 15 * 60_000;
const MAX_FAILURES = 5;

/** Answers `{ session: undefined }` for wrong credentials, so that the failure itself is committed and counted. */
export const signIn = command(
  'security.signIn',
  { allow: 'public' },
  async (ctx, input: { email: string; password: string; userAgent?: string | undefined }) => {
    const emailHash = keyedHash('sign-in', input.email.trim().toLowerCase());
    const failures = await ctx.db
      .selectFrom('security.signInFailures')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .where('emailHash', '=', emailHash)
      .where('at', '>', addMs(ctx.now, -WINDOW_MS))
      .executeTakeFirstOrThrow();
    if (failures.n >= MAX_FAILURES) {
      throw new Problem(429, 'Too many failed sign-ins for this address', {
        rule: 'security.sign_in_limit',
        detail: 'Wait fifteen minutes, or use an invitation link from an administrator.',
      });
    }
    const user = await ctx.db
      .selectFrom('security.users')
      .selectAll()
      .where((eb) => eb(eb.fn('lower', ['email']), '=', input.email.trim().toLowerCase()))
      .executeTakeFirst();
    const good = await checkPassword(input.password, user?.active ? user.passwordHash : undefined);
    if (!user || !good) {
      await ctx.db
        .insertInto('security.signInFailures')
        .values({ emailHash, ip: ctx.ip ?? '', at: ctx.now })
        .execute();
      ctx.audit.after = { result: 'refused' };
      return { session: undefined, userId: undefined };
    }
    await ctx.db.deleteFrom('security.signInFailures').where('emailHash', '=', emailHash).execute();
    ctx.audit.subject = user.id;
    ctx.audit.after = { result: 'signed in' };
    return { session: await openSession(ctx, user.id, { userAgent: input.userAgent }), userId: user.id };
  },
);
