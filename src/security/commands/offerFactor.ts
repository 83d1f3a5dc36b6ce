/** Begins a second factor: a fresh secret for the person's authenticator, in force only once a code of it was typed. */
import { conflict, personOf, Problem, readSetting } from '#kernel';
import { command } from '../command.ts';
import { factorSince, sealFactor } from '../factor/store.ts';
import { grouped, newSecret, otpauthLink } from '../factor/totp.ts';
import { checkPassword } from '../passwords.ts';
import { installation } from '../settings.ts';

/** The password is asked again: who finds an open laptop must not lock its owner out. */
export const offerFactor = command(
  'security.offerFactor',
  { allow: 'signed_in' },
  async (ctx, input: { password: string }): Promise<{ link: string; secret: string }> => {
    const id = personOf(ctx.actor) ?? '';
    const user = await ctx.db
      .selectFrom('security.users')
      .select(['email', 'passwordHash'])
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    if (!(await checkPassword(input.password, user?.passwordHash)) || !user) {
      throw new Problem(422, 'The password is not right', {
        rule: 'security.password',
        errors: [{ path: 'password', message: 'not right' }],
      });
    }
    if (await factorSince(ctx, id))
      throw conflict(
        'You have a second factor already',
        'security.second_factor_on',
        'Turn it off first to set up another phone.',
      );
    const secret = newSecret();
    const fields = { sealedSecret: sealFactor(id, secret), state: 'offered' as const, offeredAt: ctx.now, lastStep: 0 };
    await ctx.db
      .insertInto('security.secondFactors')
      .values({ userId: id, ...fields, onSince: null })
      .onConflict((oc) => oc.column('userId').doUpdateSet(fields))
      .execute();
    ctx.audit.subject = id;
    ctx.audit.after = { secondFactor: 'offered' };
    const { name } = await readSetting(ctx, installation);
    return { link: otpauthLink(secret, user.email, name), secret: grouped(secret) };
  },
);
