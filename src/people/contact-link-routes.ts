/** The link that proves an address. GET only shows; POST proves. Mail scanners that open every link prove nothing. */
import { type Ctx, type House, type RawRequest, rawRoute, systemActor } from '#kernel';
import { personRefs } from '#security';
import { verifyByLink } from './commands/verifyByLink.ts';
import { type LinkPage, sendLinkPage } from './link-page.ts';
import { openLink } from './proving.ts';

/** Forged, used, old or replaced: the same neutral words, so that a guess learns nothing. */
const GONE: LinkPage = {
  status: 404,
  title: 'This link does not work any more',
  lines: ['It works once and for 15 minutes, until a newer one is sent. Ask for a new code under My contact methods.'],
  link: '/settings/contact',
};

type Work = (ctx: Ctx, token: string) => Promise<LinkPage>;

const look: Work = async (ctx, token) => {
  const method = await openLink(ctx, token);
  if (!method) return GONE;
  const name = (await personRefs(ctx, [method.userId])).get(method.userId)?.name ?? 'Somebody';
  const text = `${name} asked that pages of incidents go to ${method.value}. Press the button if that is you and this is where they should arrive. Otherwise close this page.`;
  return { status: 200, title: 'Is this you?', lines: [text], button: 'Yes, this reaches me', link: GONE.link };
};

const press: Work = async (ctx, token) => {
  const { id } = await verifyByLink(ctx, { token });
  const lines = ['This address is confirmed. Pages can go there now.'];
  return id ? { status: 200, title: 'Thank you', lines, link: GONE.link } : GONE;
};

const handle =
  (work: Work) =>
  async (request: RawRequest, reply: Parameters<Parameters<typeof rawRoute>[0]['handle']>[1], house: House) => {
    const ctx = await house.ctx(systemActor('people.contactLink'), { requestId: request.id, ip: request.ip });
    const shown = await work(ctx, (request.params as { token: string }).token);
    return sendLinkPage(reply, shown);
  };

export const contactLinkRoutes = [
  rawRoute({ method: 'GET', path: '/confirm-contact/:token', handle: handle(look) }),
  rawRoute({ method: 'POST', path: '/confirm-contact/:token', bodyLimit: 4096, handle: handle(press) }),
];
