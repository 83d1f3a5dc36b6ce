/** A manager removes a subscriber; the address is forgotten. */
import { emit, notFound } from '#kernel';
import { command } from '#security';
import { subscriberChanged } from '../events.ts';
import { forget } from '../subscribers/store.ts';

export const removeSubscriber = command(
  'comms.removeSubscriber',
  { allow: 'manager', subject: (input: { id: string }) => input.id },
  async (ctx, { id }): Promise<void> => {
    if (!(await forget(ctx, id))) throw notFound('Subscriber', id);
    await emit(ctx, subscriberChanged, { subscriberId: id, state: 'unsubscribed' }, { subject: id });
  },
);
