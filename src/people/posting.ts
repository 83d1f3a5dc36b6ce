/** Telling the programs and rooms of a step: they learn of the page, nobody is counted as called by it. */
import { send } from '#channels';
import { type Ctx, Problem } from '#kernel';
import type { Line } from './calling.ts';
import type { Post } from './escalation.ts';
import { absolute, escapeHtml } from './messages.ts';
import { leadsToPeople } from './plan.ts';
import { logPage, type PageRow } from './store.ts';
import { postOf, webhookNames } from './webhooks.ts';

/** What became of a page, as programs read it. */
export interface News {
  type: 'page.sent' | 'page.acknowledged' | 'page.stopped';
  /** The first line for people in a room. */
  headline: string;
  /** Makes the message of this turn one message, however often it is asked for. */
  once: string;
  called?: string[];
  by?: { id: string; name: string };
}

/** Tells each of these once; what cannot be told is said in the log and keeps nobody else from being told. */
export async function tellPosts(ctx: Ctx, page: PageRow, posts: Post[], news: News): Promise<Line[]> {
  const lines: Line[] = [];
  const told = new Map(posts.map((post) => [`${post.channel}:${post.to}`, post]));
  for (const [key, post] of told) {
    const { channel, name } = post;
    const where = channel === 'webhook' ? `the webhook ${name}` : `the room ${name} (${channel})`;
    try {
      const { deliveryId } = await send(ctx, {
        channel,
        to: post.to,
        purpose: 'page',
        ref: page.id,
        key: `page:${page.id}:${news.once}:${key}`,
        incidentId: page.incidentId,
        message: messageOf(page, news),
      });
      lines.push({ reason: 'sent', channel, deliveryId, text: `Told ${where}` });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      lines.push({ reason: 'not_delivered', channel, text: `Could not tell ${where}: ${error.message}` });
    }
  }
  return lines;
}

/** Tells those that have heard of a page what has become of it. Asks nothing for a plan without programs and rooms. */
export async function tellOutcome(ctx: Ctx, page: PageRow, news: News): Promise<void> {
  const targets = page.plan.steps.flatMap((step) => step.targets).filter((target) => !leadsToPeople(target));
  if (targets.length === 0) return;
  const heard = await ctx.db
    .selectFrom('people.pageEvents')
    .select(['channel', 'text'])
    .where('pageId', '=', page.id)
    .where('reason', '=', 'sent')
    .where('userId', 'is', null)
    .execute();
  const names = await webhookNames(
    ctx.db,
    targets.flatMap(({ kind, id }) => (kind === 'webhook' ? [id] : [])),
  );
  const posts = targets
    .map((target) => postOf(target, names))
    .filter(({ channel, name }) => heard.some((line) => line.channel === channel && line.text.includes(name)));
  const lines = await tellPosts(ctx, page, posts, news);
  await logPage(
    ctx.db,
    lines.map((line) => ({ pageId: page.id, at: ctx.now, ...line })),
  );
}

function messageOf(page: PageRow, { type, headline, called, by }: News) {
  const open = absolute(`/pages/${page.id}`);
  const facts = [headline, page.serviceName ? `Service: ${page.serviceName}` : '', page.body].filter(Boolean);
  return {
    subject: `${headline}: ${page.title}`,
    text: [page.title, ...facts, `Take it in Evenkeel:\n${open}`].join('\n\n'),
    html: [page.title, ...facts].map((text) => `<p>${escapeHtml(text)}</p>`).join('\n'),
    facts: facts.join('\n\n'),
    // For everybody in the room: a link, no token of a person.
    answer: { pageId: page.id, userId: '', url: open, token: '', link: open },
    body: {
      type,
      data: {
        pageId: page.id,
        title: page.title,
        body: page.body,
        service: page.serviceName,
        urgency: page.urgency,
        priority: page.priority,
        subject: { kind: page.subjectKind, id: page.subjectId },
        policy: page.plan.name,
        ...(called && { called }),
        ...(by && { by }),
        link: absolute(page.link),
      },
    },
  };
}
