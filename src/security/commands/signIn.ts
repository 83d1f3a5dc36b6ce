/** Signs a person in by e-mail and password; five failures in fifteen minutes close the door for that address. */
import { addMs, type Ctx, keyedHash, Problem } from '#kernel';
import { command } from '../command.ts';
import { factorSince, type Taken, takeCode } from '../factor/store.ts';
import { checkPassword } from '../passwords.ts';
import { openSession } from '../store.ts';

const WINDOW_MS = 15 * 60_000;
const MAX_FAILURES = 5;

export interface SignIn {
  email: string;
  password: string;
  /** Of the second factor, where one is on. */
  code?: string | undefined;
  userAgent?: string | undefined;
}

/** What a sign-in came to; without a session, `factor` says whether it was a code that was missing or wrong. */
export interface SignedIn {
  session?: { id: string; token: string; expiresAt: Date };
  userId?: string;
  factor?: 'asked' | Taken;
}

/** Answers without a session for wrong credentials, so that the failure itself is committed and counted. */
export const signIn = command('security.signIn', { allow: 'public' }, async (ctx, input: SignIn): Promise<SignedIn> => {
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
    return {};
  }
  ctx.audit.subject = user.id;
  const factor = await secondFactor(ctx, user.id, input.code);
  if (factor === undefined || factor === 'taken')
    await ctx.db.deleteFrom('security.signInFailures').where('emailHash', '=', emailHash).execute();
  if (factor && factor !== 'taken') {
    ctx.audit.after = { result: 'refused', secondFactor: factor };
    return { factor };
  }
  ctx.audit.after = { result: 'signed in', ...(factor && { secondFactor: 'proven' }) };
  const provenAt = factor && ctx.now;
  return { session: await openSession(ctx, user.id, { userAgent: input.userAgent, provenAt }), userId: user.id };
});

/** Undefined for who has none; `asked` when the password was right and the code is still to be typed. */
async function secondFactor(ctx: Ctx, userId: string, code: string | undefined): Promise<SignedIn['factor']> {
  if (!(await factorSince(ctx, userId))) return undefined;
  return code ? takeCode(ctx, userId, code) : 'asked';
}
