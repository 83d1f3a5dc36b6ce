/** Incoming webhooks of chats, typed in by subscribers: where a room hears of the status page without an app of ours. */
import { checkUrl, Problem } from '#kernel';
import { type Channel, refuseExercise } from '../channel.ts';

/** `slack https://hooks.slack.com/…` or `teams https://…`: which words the room understands, and where it is. */
const shape = /^(slack|teams) (https?:\/\/\S+)$/;

export const chatHook: Channel = {
  name: 'chat_hook',
  label: 'Chat room',
  purposes: ['subscriber'],
  // Nobody is paged by it; the list of contact methods does not show it.
  internal: true,
  whyNotReady: async () => null,
  checkRecipient(to) {
    const [, , url] = shape.exec(to) ?? [];
    if (!url)
      throw new Problem(422, 'A chat room is named by its kind and its incoming webhook', { rule: 'channels.hook' });
    checkUrl(url);
  },
  async send(ctx, envelope) {
    refuseExercise(envelope);
    const [, kind, url] = shape.exec(envelope.to) ?? [];
    if (!url) return { state: 'failed', error: 'the room is not an address', permanent: true };
    const { post } = await import('./post.ts');
    envelope.stillHeld?.();
    return post(ctx, kind as 'slack' | 'teams', url, envelope);
  },
};
