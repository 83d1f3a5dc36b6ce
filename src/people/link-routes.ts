/** The link in a page's mail. GET only shows; POST takes the page. Mail scanners that open every link change nothing. */
import { type Actor, type Ctx, type House, Problem, rawRoute, systemActor } from '#kernel';
import { userById } from '#security';
import { acknowledge } from './commands/acknowledge.ts';
import { readAckToken } from './contact.ts';
import { absolute, escapeHtml } from './messages.ts';
import { pageById } from './page-queries.ts';

interface Shown {
  status: number;
  title: string;
  lines: string[];
  button?: boolean;
  link?: string;
}

/** Forged, cut, old or foreign: the same neutral words, so that a guess learns nothing. */
const NEUTRAL: Shown = {
  status: 404,
  title: 'This link does not work any more',
  lines: ['It may be too old or not complete. Sign in to see the open pages.'],
  link: '/pages',
};

function html({ title, lines, button, link }: Shown): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>${escapeHtml(title)}</title></head>
<body style="font: 18px/1.5 system-ui, sans-serif; max-width: 34em; margin: 3em auto; padding: 0 1em; color-scheme: light dark">
<main><h1 style="font-size: 1.4em">${escapeHtml(title)}</h1>
${lines.map((text) => `<p>${escapeHtml(text)}</p>`).join('\n')}
${button ? '<form method="post"><button style="font: inherit; font-weight: 600; padding: .7em 1.4em">I take this page</button></form>' : ''}
${link ? `<p><a href="${escapeHtml(absolute(link))}">Open in Evenkeel</a></p>` : ''}
</main></body></html>`;
}

interface Visit {
  ctx: Ctx;
  pageId: string;
  person: { id: string; name: string };
}

async function visitOf(house: House, token: string, requestId: string, ip: string): Promise<Visit | undefined> {
  const reader = await house.ctx(systemActor('people.ackLink'), {
    requestId,
    ip,
  });
  const claim = readAckToken(token, reader.now);
  const person = claim ? await userById(reader, claim.userId) : undefined;
  if (!claim || !person?.active) return undefined;
  // The link proves who it was sent to, and lets them do this one thing.
  const actor: Actor = {
    kind: 'link',
    id: `link:${claim.pageId}`,
    name: person.name,
    roles: ['viewer'],
    onBehalfOf: person.id,
  };
  return { ctx: { ...reader, actor }, pageId: claim.pageId, person };
}

/** What the page looks like to this person at this moment. */
async function look({ ctx, pageId, person }: Visit): Promise<Shown> {
  const page = await pageById(ctx, pageId);
  const base = { status: 200, link: page.link };
  const service = page.serviceName ? [`Service: ${page.serviceName}`] : [];
  if (page.state === 'acknowledged') {
    const own = page.acknowledgedBy?.id === person.id;
    const title = own ? 'You have this page' : `${page.acknowledgedBy?.name ?? 'Somebody'} has this page`;
    return {
      ...base,
      title,
      lines: [page.title, ...service, 'Nobody else is being called.'],
    };
  }
  if (page.state === 'stopped')
    return {
      ...base,
      title: 'This page has ended',
      lines: [page.title, page.endReason ?? ''],
    };
  return {
    ...base,
    title: page.title,
    lines: [...service, page.body, `${person.name}, if you take it, nobody else is called.`],
    button: true,
  };
}

async function take(visit: Visit): Promise<Shown> {
  try {
    await acknowledge(visit.ctx, { pageId: visit.pageId });
    return look(visit);
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 409) throw error;
    return { ...(await look(visit)), status: 409 };
  }
}

const handle =
  (work: (visit: Visit) => Promise<Shown>) =>
  async (
    request: Parameters<Parameters<typeof rawRoute>[0]['handle']>[0],
    reply: Parameters<Parameters<typeof rawRoute>[0]['handle']>[1],
    house: House,
  ) => {
    const { token } = request.params as { token: string };
    const visit = await visitOf(house, token, request.id, request.ip);
    const shown = visit ? await work(visit) : NEUTRAL;
    return reply
      .code(shown.status)
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(html(shown));
  };

export const linkRoutes = [
  rawRoute({ method: 'GET', path: '/ack/:token', handle: handle(look) }),
  rawRoute({
    method: 'POST',
    path: '/ack/:token',
    bodyLimit: 4096,
    handle: handle(take),
  }),
];
