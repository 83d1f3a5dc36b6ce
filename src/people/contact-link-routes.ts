/** The link that proves an address. GET only shows; POST proves. Mail scanners that open every link prove nothing. */
import { type Ctx, type House, type RawRequest, rawRoute, systemActor } from '#kernel';
import { personRefs } from '#security';
import { verifyByLink } from './commands/verifyByLink.ts';
import { absolute, escapeHtml } from './messages.ts';
import { openLink } from './proving.ts';

interface Shown {
  status: number;
  title: string;
  text: string;
  button?: boolean;
}

/** Forged, used, old or replaced: the same neutral words, so that a guess learns nothing. */
const GONE: Shown = {
  status: 404,
  title: 'This link does not work any more',
  text: 'It works once and for 15 minutes, until a newer one is sent. Ask for a new code under My contact methods.',
};

const html = ({ title, text, button }: Shown) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>${escapeHtml(title)}</title></head>
<body style="font: 18px/1.5 system-ui, sans-serif; max-width: 34em; margin: 3em auto; padding: 0 1em; color-scheme: light dark">
<main><h1 style="font-size: 1.4em">${escapeHtml(title)}</h1><p>${escapeHtml(text)}</p>
${button ? '<form method="post"><button style="font: inherit; font-weight: 600; padding: .7em 1.4em">Yes, this reaches me</button></form>' : ''}
<p><a href="${escapeHtml(absolute('/settings/contact'))}">Open in Evenkeel</a></p>
</main></body></html>`;

type Work = (ctx: Ctx, token: string) => Promise<Shown>;

const look: Work = async (ctx, token) => {
  const method = await openLink(ctx, token);
  if (!method) return GONE;
  const name = (await personRefs(ctx, [method.userId])).get(method.userId)?.name ?? 'Somebody';
  const text = `${name} asked that pages of incidents go to ${method.value}. Press the button if that is you and this is where they should arrive. Otherwise close this page.`;
  return { status: 200, title: 'Is this you?', text, button: true };
};

const press: Work = async (ctx, token) => {
  const { id } = await verifyByLink(ctx, { token });
  return id ? { status: 200, title: 'Thank you', text: 'This address is confirmed. Pages can go there now.' } : GONE;
};

const handle =
  (work: Work) =>
  async (request: RawRequest, reply: Parameters<Parameters<typeof rawRoute>[0]['handle']>[1], house: House) => {
    const ctx = await house.ctx(systemActor('people.contactLink'), { requestId: request.id, ip: request.ip });
    const shown = await work(ctx, (request.params as { token: string }).token);
    return reply
      .code(shown.status)
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(html(shown));
  };

export const contactLinkRoutes = [
  rawRoute({ method: 'GET', path: '/confirm-contact/:token', handle: handle(look) }),
  rawRoute({ method: 'POST', path: '/confirm-contact/:token', bodyLimit: 4096, handle: handle(press) }),
];
