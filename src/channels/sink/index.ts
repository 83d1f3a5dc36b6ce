/** Where the watchdog's own pages end: taken, and handed to nobody. It makes the whole way of a page testable without a human at its end. */
import { Problem } from '#kernel';
import { type Channel, refuseExercise } from '../channel.ts';

/** The only recipient there is. */
export const SINK = 'watchdog';

export const sink: Channel = {
  name: 'sink',
  label: 'Watchdog',
  purposes: ['page'],
  internal: true,
  whyNotReady: async () => null,
  checkRecipient(to) {
    if (to !== SINK) throw new Problem(422, 'Only the watchdog’s own pages go there', { rule: 'channels.sink' });
  },
  async send(_ctx, envelope) {
    refuseExercise(envelope);
    envelope.stillHeld?.();
    return { state: 'delivered' };
  },
};
