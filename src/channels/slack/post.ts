/** Slack's Web API: posting a message with a button, and changing it once somebody has answered. */
import type { Ctx, EgressAnswer } from '#kernel';
import type { Envelope } from '../channel.ts';
import { jsonOf, postJson, refusedBy } from '../http.ts';
import { type Outcome, plain } from '../model.ts';

export interface SlackApp {
  botToken: string;
  signingSecret: string;
  api: string;
}

/** Slack's own three escapes: without `<` nothing can be a mention, a link with another face, or a command. */
export const escapeSlack = (text: string) =>
  text.replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c] ?? c);

const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } });

/** What Slack shows: the words, and for a page one button. */
export function blocksOf({ message }: Pick<Envelope, 'message'>) {
  const words = section(escapeSlack(plain(message, 2000)));
  const { answer } = message;
  if (!answer) return [words];
  const button = {
    type: 'button',
    style: 'primary',
    action_id: 'evenkeel.take',
    value: answer.pageId,
    text: { type: 'plain_text', text: 'Take it' },
  };
  const open = {
    type: 'button',
    action_id: 'evenkeel.open',
    url: answer.link,
    text: { type: 'plain_text', text: 'Open in Evenkeel' },
  };
  return [words, { type: 'actions', elements: [button, open] }];
}

/** Errors that another try cannot mend. */
const FINAL = new Set([
  'channel_not_found',
  'is_archived',
  'user_not_found',
  'user_disabled',
  'messages_tab_disabled',
  'no_text',
  'msg_too_long',
]);

function read(answer: EgressAnswer): Outcome {
  const body = jsonOf(answer.text);
  if (answer.status === 200 && body.ok === true)
    return { state: 'delivered', remoteId: `${String(body.channel)}/${String(body.ts)}` };
  const error = typeof body.error === 'string' ? body.error : '';
  if (answer.status !== 200) return refusedBy('Slack', answer, error);
  return { state: 'failed', error: `Slack answered: ${error || 'no reason'}`, permanent: FINAL.has(error) };
}

const method = (ctx: Ctx, app: SlackApp, name: string, body: object) =>
  postJson(
    ctx,
    `${app.api}/${name}`,
    { purpose: `slack ${name}`, body, headers: { authorization: `Bearer ${app.botToken}` } },
    read,
  );

export const post = (ctx: Ctx, app: SlackApp, envelope: Envelope) =>
  method(ctx, app, 'chat.postMessage', {
    channel: envelope.to,
    text: escapeSlack(plain(envelope.message, 2000)),
    blocks: blocksOf(envelope),
    unfurl_links: false,
    unfurl_media: false,
    link_names: false,
  });

/** Replaces a message's button by what has become of it. */
export const replaceButton = (ctx: Ctx, app: SlackApp, at: { channel: string; ts: string }, text: string) =>
  method(ctx, app, 'chat.update', {
    channel: at.channel,
    ts: at.ts,
    text: escapeSlack(text),
    blocks: [section(escapeSlack(text))],
  });
