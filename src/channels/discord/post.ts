/** Discord: a text to an incoming webhook that may mention nobody. */
import type { Ctx } from '#kernel';
import type { Envelope } from '../channel.ts';
import { anySuccess, postJson } from '../http.ts';
import { plain } from '../model.ts';

/** Markup as words, so that no `[text](address)` comes from an alert. Mentions are switched off in the call itself. */
export const harmless = (text: string) => text.replace(/[\\`*_~[\]()#|>]/g, '\\$&').replace(/[<@]/g, '$&\u200b');

/** 2,000 characters are Discord's limit; escaping may double a text. */
const MOST = 900;

export const post = (ctx: Ctx, url: string, { message, purpose }: Envelope) => {
  const link = message.answer ? `\n\n<${message.answer.link.slice(0, 190)}>` : '';
  const body = { content: `${harmless(plain(message, MOST))}${link}`, allowed_mentions: { parse: [] } };
  return postJson(ctx, url, { purpose: `discord ${purpose}`, body }, anySuccess('Discord'));
};
