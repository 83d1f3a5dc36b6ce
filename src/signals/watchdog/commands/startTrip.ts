/** Writes down that a synthetic trip begins, and gives the key with which it knocks at the door. */
import { newId } from '#kernel';
import { command } from '#security';
import { currentKeyOrNew, WATCHDOG_INTEGRATION } from '../../integrations/store.ts';

/** Undefined when one is under way: there is one trip at a time, whatever the number of nodes. */
export const startTrip = command(
  'signals.startTrip',
  { allow: 'internal' },
  async (ctx, _input: object): Promise<{ tripId: string; key: string } | undefined> => {
    ctx.audit.skip = true;
    const id = newId('trp');
    const added = await ctx.db
      .insertInto('signals.trips')
      .values({
        ...{ id, signalId: null, groupId: null, pageId: null, stage: null, error: null },
        ...{ startedAt: ctx.now, finishedAt: null, pingedAt: null },
      })
      .onConflict((on) => on.doNothing())
      .returning('id')
      .executeTakeFirst();
    return added && { tripId: id, key: await currentKeyOrNew(ctx, WATCHDOG_INTEGRATION) };
  },
);
