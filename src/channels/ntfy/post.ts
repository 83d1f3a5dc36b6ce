/** ntfy: one JSON message. The button takes the page by POST, as the button of the mail's link does. */
import type { Ctx } from '#kernel';
import type { Envelope } from '../channel.ts';
import { anySuccess, postJson } from '../http.ts';
import { headerText } from '../model.ts';

/** 4,096 bytes are the limit of a message; four bytes a character. */
const MOST = 1000;

export function post(ctx: Ctx, server: { server: string; token: string }, { to, message, purpose }: Envelope) {
  const { answer } = message;
  const body = {
    topic: to,
    title: headerText(message.subject),
    message: [...(message.facts ?? message.text)].slice(0, MOST).join(''),
    priority: purpose === 'page' ? 5 : 3,
    ...(answer
      ? {
          click: answer.link,
          actions: [{ action: 'http', label: 'Take it', url: answer.url, method: 'POST', clear: true }],
        }
      : {}),
  };
  const headers: Record<string, string> = server.token ? { authorization: `Bearer ${server.token}` } : {};
  return postJson(ctx, server.server, { purpose: `ntfy ${purpose}`, body, headers }, anySuccess('ntfy'));
}
