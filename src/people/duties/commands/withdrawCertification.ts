/** Takes a certification back; the practice stays. */
import { notFound } from '#kernel';
import { command } from '#security';
import { tellScreens } from '../../saving.ts';
import { refreshBench } from '../bench.ts';

export interface WithdrawCertification {
  roleKey: string;
  userId: string;
}

export const withdrawCertification = command(
  'people.withdrawCertification',
  { allow: 'manager', subject: (input: WithdrawCertification) => input.userId },
  async (ctx, { roleKey, userId }) => {
    const row = await ctx.db
      .deleteFrom('people.certifications')
      .where('userId', '=', userId)
      .where('roleKey', '=', roleKey)
      .returningAll()
      .executeTakeFirst();
    if (!row) throw notFound('Certification');
    await tellScreens(ctx, 'certification', userId);
    await refreshBench(ctx);
    ctx.audit.before = { role: roleKey, grantedAt: row.grantedAt };
    return {};
  },
);
