/** ntfy: push to phones through a server of one's own or ntfy.sh. Described here, loaded with the first message. */
import { z } from 'zod';
import { checkUrl, defineSetting, Problem, readSetting } from '#kernel';
import { type Channel, refuseExercise } from '../channel.ts';

const mayCall = (url: string) => {
  try {
    return checkUrl(url).protocol !== '';
  } catch {
    return false;
  }
};

export const ntfySetting = defineSetting({
  key: 'channels.ntfy',
  schema: z
    .strictObject({
      server: z
        .string()
        .trim()
        .max(500)
        .refine(mayCall, 'an http(s) address that may be called')
        .describe('Address of the ntfy server: https://ntfy.sh or your own.'),
      token: z
        .string()
        .max(500)
        .default('')
        .describe('Access token (tk_…) that may write to the topics. Empty when the server asks for none.'),
    })
    .nullable(),
  default: null,
  secret: true,
  help: 'Push notices to phones by ntfy. People add the topic they listen to as a contact method.',
});

const TOPIC = /^[-_A-Za-z0-9]{1,64}$/;

export const ntfy: Channel = {
  name: 'ntfy',
  label: 'ntfy push',
  purposes: ['page', 'security', 'internal'],
  contact: {
    label: 'Topic',
    placeholder: 'ana-pages-8f3k2q',
    help: 'The topic your phone listens to. Whoever knows its name can read it: choose a long one, or a protected one.',
    type: 'text',
    after: { high: 0, low: 0 },
  },
  whyNotReady: async (ctx) => ((await readSetting(ctx, ntfySetting)) === null ? 'no ntfy server is configured' : null),
  checkRecipient(to) {
    if (!TOPIC.test(to))
      throw new Problem(422, 'This is not a topic of ntfy', {
        rule: 'channels.topic',
        errors: [{ path: 'to', message: 'letters, digits, - and _, at most 64' }],
      });
  },
  async send(ctx, envelope) {
    refuseExercise(envelope);
    const server = await readSetting(ctx, ntfySetting);
    if (server === null) return { state: 'failed', error: 'ntfy is not configured', permanent: true };
    const { post } = await import('./post.ts');
    envelope.stillHeld?.();
    return post(ctx, server, envelope);
  },
};
