/** Mattermost: a text to an incoming webhook, with mentions and links from outside made harmless. */
import type { Ctx } from '#kernel';
import type { Envelope } from '../channel.ts';
import { anySuccess, postJson } from '../http.ts';
import { plain } from '../model.ts';

/** `@channel`, `<!channel>` and `[text](address)` as words: a zero-width space breaks mentions, a backslash breaks markup. */
export const harmless = (text: string) => text.replace(/[\\`*_~[\]()#|!]/g, '\\$&').replace(/[<@]/g, '$&\u200b');

export const post = (ctx: Ctx, url: string, { message, purpose }: Envelope) => {
  const link = message.answer ? `\n\n${message.answer.link}` : '';
  return postJson(
    ctx,
    url,
    {
      purpose: `mattermost ${purpose}`,
      body: { text: `${harmless(plain(message, 6000))}${link}`, username: 'Evenkeel' },
    },
    anySuccess('Mattermost'),
  );
};
