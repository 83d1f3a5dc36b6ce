/** Teams: an adaptive card to a workflow's webhook. Its text runs know no markup, so nothing in a title can become a link or a mention. */
import type { Ctx } from '#kernel';
import type { Envelope } from '../channel.ts';
import { anySuccess, postJson } from '../http.ts';
import type { Message } from '../model.ts';

const block = (text: string, more: object = {}) => ({
  type: 'RichTextBlock',
  inlines: [{ type: 'TextRun', text, ...more }],
});

/** Buttons that open an address: a workflow's webhook can carry no others. */
function actionsOf({ answer, links = [] }: Message): object {
  const all = [...(answer ? [{ title: 'Open in Evenkeel', url: answer.link }] : []), ...links];
  return all.length > 0 ? { actions: all.map((link) => ({ type: 'Action.OpenUrl', ...link })) } : {};
}

/** The card of a message. */
export const cardOf = (message: Message) => ({
  $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
  type: 'AdaptiveCard',
  version: '1.4',
  body: [
    block(message.subject, { weight: 'bolder', size: 'medium' }),
    ...(message.facts ?? message.text)
      .slice(0, 6000)
      .split('\n\n')
      .map((part) => block(part)),
  ],
  ...actionsOf(message),
});

export const post = (ctx: Ctx, url: string, { message, purpose }: Envelope) =>
  postJson(
    ctx,
    url,
    {
      purpose: `teams ${purpose}`,
      body: {
        type: 'message',
        attachments: [
          { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: cardOf(message) },
        ],
      },
    },
    anySuccess('Teams'),
  );
