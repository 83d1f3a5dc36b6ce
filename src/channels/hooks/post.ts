/** Posts to the incoming webhook of a chat; what Slack takes for a mention or a hidden link is escaped. */
import type { Ctx } from '#kernel';
import type { Envelope } from '../channel.ts';
import { anySuccess, postJson } from '../http.ts';
import type { Outcome } from '../model.ts';
import { escapeSlack } from '../slack/post.ts';
import { post as postTeams } from '../teams/post.ts';

/** One message to a room. 404 and 410 mean that the webhook was taken away: no other try helps. */
export async function post(ctx: Ctx, kind: 'slack' | 'teams', url: string, envelope: Envelope): Promise<Outcome> {
  if (kind === 'teams') return postTeams(ctx, url, envelope);
  const { subject, text, links = [] } = envelope.message;
  const words = [
    escapeSlack(`${subject}\n\n${text}`.slice(0, 2800)),
    ...links.map((link) => `<${link.url}|${escapeSlack(link.title)}>`),
  ];
  const body = {
    text: escapeSlack(subject),
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text: words.join('\n').slice(0, 3000), verbatim: true } }],
    unfurl_links: false,
    unfurl_media: false,
  };
  return postJson(ctx, url, { purpose: 'subscriber slack', body }, anySuccess('Slack'));
}
