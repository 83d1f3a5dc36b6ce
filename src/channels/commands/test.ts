/** Sends the asking person a test message, to see whether a channel works. */
import { newId, Problem, personOf } from '#kernel';
import { command, userById } from '#security';
import { channelByName } from '../registry.ts';
import { send } from './send.ts';

/** E-mail goes to the person's own sign-in address; other channels need `to`. Returns the delivery to ask about. */
export const test = command(
  'channels.test',
  { allow: 'admin', subject: (input: { channel: string; to?: string | undefined }) => input.channel },
  async (ctx, input) => {
    const channel = channelByName(input.channel);
    const person = await userById(ctx, personOf(ctx.actor) ?? '');
    const to = channel.name === 'email' ? person?.email : input.to;
    if (!to)
      throw new Problem(422, `Say where the test of ${channel.label} should go`, {
        rule: 'channels.test',
        errors: [{ path: 'to', message: 'missing' }],
      });
    return send(ctx, {
      channel: channel.name,
      to,
      purpose: 'internal',
      ref: `test:${person?.id ?? ctx.actor.id}`,
      key: newId('test'),
      message: {
        subject: 'Evenkeel can reach you',
        text: `This is a test of ${channel.label}, asked for by ${ctx.actor.name}. If you read it, messages from Evenkeel arrive here.`,
        body: { type: 'evenkeel.test', data: { askedBy: ctx.actor.name } },
      },
    });
  },
);
