/** Slack: a direct message or a channel message with a button, by an app's bot token. Described here, loaded with the first message. */
import { z } from 'zod';
import { defineSetting, Problem, readSetting } from '#kernel';
import { type Channel, refuseExercise } from '../channel.ts';

export const slackSetting = defineSetting({
  key: 'channels.slack',
  schema: z
    .strictObject({
      botToken: z
        .string()
        .trim()
        .min(10)
        .max(300)
        .describe(
          'Bot user OAuth token (xoxb-…) of your Slack app, with the scopes chat:write and im:write (and im:history, to hear “ack”; more for channels of incidents, see Settings, Chat).',
        ),
      signingSecret: z
        .string()
        .trim()
        .min(8)
        .max(200)
        .describe(
          'Signing secret of the app, from Basic information. It proves that a pressed button comes from Slack.',
        ),
      api: z
        .string()
        .trim()
        .max(300)
        .default('https://slack.com/api')
        .describe('Leave as it is, unless calls to Slack go through an address of your own.'),
    })
    .nullable(),
  default: null,
  secret: true,
  help: 'A Slack app that sends pages as direct messages with a button. In the app, switch interactivity on with the request URL <this installation>/answers/slack; for “ack” as a direct message, the same URL under Event subscriptions with the bot event message.im.',
});

export const slack: Channel = {
  name: 'slack',
  label: 'Slack',
  purposes: ['page', 'security', 'internal'],
  contact: {
    label: 'Member ID',
    placeholder: 'U024BE7LH',
    help: 'In Slack: your profile, the three dots, Copy member ID.',
    type: 'text',
    after: { high: 0, low: 0 },
  },
  whyNotReady: async (ctx) => ((await readSetting(ctx, slackSetting)) === null ? 'Slack is not configured' : null),
  checkRecipient(to) {
    if (!/^[UW][A-Z0-9]{6,20}$/.test(to))
      throw new Problem(422, 'This is not a member ID of Slack', {
        rule: 'channels.slack',
        errors: [{ path: 'to', message: 'an ID such as U024BE7LH' }],
      });
  },
  async send(ctx, envelope) {
    refuseExercise(envelope);
    const app = await readSetting(ctx, slackSetting);
    if (app === null) return { state: 'failed', error: 'Slack is not configured', permanent: true };
    const { post } = await import('./post.ts');
    envelope.stillHeld?.();
    return post(ctx, app, envelope);
  },
};
