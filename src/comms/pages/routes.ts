/** HTTP ↔ further status pages: managing them, and answering for them from files, to those who may read them. */
import type { FastifyReply } from 'fastify';
import { endpoints as at } from '#contract/comms';
import { type AnyRoute, config, type House, type RawRequest, rawRoute, route } from '#kernel';
import { doorkeeper } from '#security';
import { createPage } from '../commands/createPage.ts';
import { removePage } from '../commands/removePage.ts';
import { savePage } from '../commands/savePage.ts';
import { readBytes, siteDir } from '../statuspage/files.ts';
import { type Reply, replyFile, replyTo, type View } from '../statuspage/serving.ts';
import { type Listed, listedPage, opens, pageDir } from './site.ts';
import { listPages, type PageRow, urlOf } from './store.ts';

const show = (row: PageRow) => ({
  id: row.id,
  slug: row.slug,
  name: row.name,
  about: row.about,
  supportContact: row.supportContact,
  accent: row.accent,
  accentDark: row.accentDark,
  hasLogo: row.logo !== null,
  language: row.language,
  languages: row.languages,
  audience: row.audience,
  host: row.host,
  componentIds: row.componentIds,
  url: urlOf(row),
  createdAt: row.createdAt.toISOString(),
});

const made = ({ row, token }: { row: PageRow; token: string | null }) => ({
  page: show(row),
  link: token === null ? null : `${urlOf(row)}?token=${token}`,
});

const COOKIE = 'evenkeel_page';
const send = (reply: FastifyReply, { status, headers, body }: Reply) => reply.code(status).headers(headers).send(body);

/** What a page for some says to caches and search engines, whatever it answers. */
const PRIVATE = {
  'cache-control': 'private, no-store',
  'x-robots-tag': 'noindex, nofollow',
  vary: 'cookie, authorization',
};

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** How this request may read the page: `fresh` when the token came in the address and should move into a cookie. */
async function admitted(page: Listed, request: RawRequest, house: House): Promise<'yes' | 'fresh' | 'no'> {
  if (page.audience === 'public') return 'yes';
  if (page.audience === 'signed_in')
    return (await doorkeeper(house)
      .authenticate(request)
      .catch(() => undefined))
      ? 'yes'
      : 'no';
  const bearer = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (opens(page, bearer) || opens(page, request.cookies[`${COOKIE}_${page.slug}`])) return 'yes';
  return opens(page, textOf((request.query as { token?: unknown }).token)) ? 'fresh' : 'no';
}

/** The same for a page that is not there and one that is not for this reader: nothing tells that it exists. */
const nothing = async (reply: FastifyReply, view: View) =>
  send(reply, await replyFile({ dir: siteDir() }, view, 'said/gone.html', { status: 404, cache: 0 }));

async function answer(request: RawRequest, reply: FastifyReply, house: House): Promise<unknown> {
  const { slug = '', '*': rest = '' } = request.params as { slug?: string; '*'?: string };
  const view: View = {
    path: `/${rest}`.replace(/(.)\/+$/, '$1'),
    ifNoneMatch: request.headers['if-none-match'],
    acceptEncoding: request.headers['accept-encoding'] as string | undefined,
    acceptLanguage: request.headers['accept-language'],
  };
  const page = await listedPage(slug);
  const may = page ? await admitted(page, request, house) : 'no';
  if (!page || may === 'no') {
    if (page?.audience !== 'signed_in' || page.host) return nothing(reply, view);
    return reply.redirect(`/sign-in?next=${encodeURIComponent(`/status/p/${slug}`)}`, 302);
  }
  const secret = page.audience !== 'public';
  const feed = /\.(?:atom|rss|json|ics)$/.test(view.path);
  if (may === 'fresh' && !feed) {
    const token = textOf((request.query as { token?: unknown }).token) ?? '';
    const secure = config.publicUrl.startsWith('https:') ? '; Secure' : '';
    const base = page.host ? '/' : `/status/p/${slug}`;
    reply.header(
      'set-cookie',
      `${COOKIE}_${slug}=${encodeURIComponent(token)}; Path=${base}; Max-Age=2592000; HttpOnly; SameSite=Lax${secure}`,
    );
    // The token leaves the address bar, and with it the history and the referrer.
    return reply.headers(PRIVATE).redirect(page.host ? view.path : base + (view.path === '/' ? '' : view.path), 302);
  }
  if (view.path === '/assets/logo.png') {
    const logo = await readBytes('assets/logo.png', pageDir(page.id));
    if (!logo) return nothing(reply, view);
    return reply
      .headers({ ...(secret ? PRIVATE : { 'cache-control': 'public, max-age=300' }), 'content-type': 'image/png' })
      .send(logo);
  }
  const found = await replyTo(view, { dir: pageDir(page.id) });
  if (secret) {
    delete found.headers['access-control-allow-origin'];
    Object.assign(found.headers, PRIVATE, { 'cross-origin-resource-policy': 'same-origin' });
  }
  return send(reply, found);
}

export const pageRoutes: AnyRoute[] = [
  route(at.listPages, async ({ ctx }) => ({ items: (await listPages(ctx)).map(show) })),
  route(at.createPage, async ({ ctx, body }) => made(await createPage(ctx, body))),
  route(at.savePage, async ({ ctx, params, body }) => made(await savePage(ctx, { ...params, ...body }))),
  route(at.removePage, async ({ ctx, params }) => removePage(ctx, params)),
  ...['/status/p/:slug', '/status/p/:slug/*'].map((path) => rawRoute({ method: 'GET', path, handle: answer })),
];
