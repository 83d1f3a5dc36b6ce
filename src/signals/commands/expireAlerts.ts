/** Resolves alerts of one sender that it should have sent again and did not. */
import { command } from '#security';
import { integrationOf } from '../integrations/store.ts';
import { eventOf, ownSignal } from '../own-signal.ts';

export interface ExpireAlerts {
  integrationId: string;
  test: boolean;
}

export const expireAlerts = command(
  'signals.expireAlerts',
  { allow: 'internal', subject: (input: ExpireAlerts) => input.integrationId },
  async (ctx, { integrationId, test }: ExpireAlerts): Promise<number> => {
    ctx.audit.skip = true;
    const rows = await ctx.db
      .selectFrom('signals.alerts')
      .select(['dedupKey', 'fingerprint'])
      .where('integrationId', '=', integrationId)
      .where('test', '=', test)
      .where('exercise', '=', false)
      .where('state', '=', 'firing')
      .where('expiresAt', '<=', ctx.now)
      .orderBy('expiresAt')
      .limit(300)
      .execute();
    if (rows.length === 0) return 0;
    const events = rows.map(({ dedupKey, fingerprint }) =>
      eventOf({ action: 'resolve', key: dedupKey, fingerprint, ifExpired: true, endedAt: ctx.now }),
    );
    await ownSignal(ctx, await integrationOf(ctx, integrationId), 'Not sent again in time', events, test);
    return rows.length;
  },
);
