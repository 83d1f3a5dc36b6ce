/** Web Push: straight from here to the browser's own push service, encrypted for that browser, with no relay between. Described here, loaded with the first message. */
import { z } from 'zod';
import { config, type Ctx, defineSetting, isId, Problem, readSetting } from '#kernel';
import { type Channel, refuseExercise } from '../channel.ts';

export const pushSetting = defineSetting({
  key: 'channels.push',
  schema: z.strictObject({
    on: z.boolean().describe('Off: nobody can add a browser, and nothing is sent to those that were added.'),
    contact: z
      .string()
      .trim()
      .max(200)
      .regex(/^$|^[^\s@<>]+@[^\s@<>]+$/, 'an e-mail address, or nothing')
      .default('')
      .describe(
        'Address for the keepers of push services, should our messages trouble them. Empty: this installation’s own.',
      ),
  }),
  default: { on: true, contact: '' },
  help: 'Pages as notices in browsers, on computers and phones. Needs no account anywhere: keys are made here at the first use. Needs https.',
});

/** Browsers give push to secure pages only. */
export function whyNoPush(publicUrl: string): string | null {
  const { protocol, hostname } = new URL(publicUrl);
  if (protocol === 'https:' || hostname === 'localhost' || hostname === '127.0.0.1') return null;
  return 'it needs https: set EVENKEEL_URL to an https address';
}

export const push: Channel = {
  name: 'push',
  label: 'Browser push',
  purposes: ['page', 'security', 'internal'],
  // The worker in the browser says when it has shown the notice.
  receiptWithinMs: 60_000,
  contact: {
    label: 'This browser',
    placeholder: '',
    help: 'A notice with buttons, also when no page of Evenkeel is open. Dismissing it takes nothing: the calling goes on.',
    type: 'browser',
    after: { high: 0, low: 0 },
    register: async (ctx, typed, owner) => {
      const { registerBrowser } = await import('../commands/registerBrowser.ts');
      return registerBrowser(ctx, { typed, owner });
    },
    unregister: async (ctx, id) => {
      const { endBrowser } = await import('../commands/endBrowser.ts');
      await endBrowser(ctx, { id, reason: 'its owner removed it', tell: false });
    },
  },
  whyNotReady: async (ctx: Ctx) =>
    (await readSetting(ctx, pushSetting)).on ? whyNoPush(config.publicUrl) : 'it is switched off',
  checkRecipient(to) {
    if (!isId('psh', to))
      throw new Problem(422, 'Push goes to a browser that has asked for it', {
        rule: 'channels.push',
        errors: [{ path: 'value', message: 'switch push on with the button; it cannot be typed' }],
      });
  },
  async send(ctx, envelope) {
    refuseExercise(envelope);
    const { post } = await import('./post.ts');
    return post(ctx, envelope);
  },
};
