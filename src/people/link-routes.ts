/** The link in a page's mail. GET only shows; POST takes the page. Mail scanners that open every link change nothing. */
import { type Actor, type Ctx, type House, Problem, rawRoute, systemActor } from '#kernel';
import { userById } from '#security';
import { acknowledge } from './commands/acknowledge.ts';
import { readAckToken } from './contact.ts';
import { type LinkPage, sendLinkPage } from './link-page.ts';
import { pageById } from './page-queries.ts';

/** Forged, cut, old or foreign: the same neutral words, so that a guess learns nothing. */
const NEUTRAL: LinkPage = {
  status: 404,
  title: 'This link does not work any more',
  lines: ['It may be too old or not complete. Sign in to see the open pages.'],
  link: '/pages',
};

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
async function look({ ctx, pageId, person }: Visit): Promise<LinkPage> {
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
    button: 'I take this page',
  };
}

async function take(visit: Visit): Promise<LinkPage> {
  try {
    await acknowledge(visit.ctx, { pageId: visit.pageId });
    return look(visit);
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 409) throw error;
    return { ...(await look(visit)), status: 409 };
  }
}

const handle =
  (work: (visit: Visit) => Promise<LinkPage>) =>
  async (
    request: Parameters<Parameters<typeof rawRoute>[0]['handle']>[0],
    reply: Parameters<Parameters<typeof rawRoute>[0]['handle']>[1],
    house: House,
  ) => {
    const { token } = request.params as { token: string };
    const visit = await visitOf(house, token, request.id, request.ip);
    const shown = visit ? await work(visit) : NEUTRAL;
    return sendLinkPage(reply, shown);
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
