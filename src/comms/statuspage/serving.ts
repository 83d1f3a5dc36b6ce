/** Which file answers which address of the public site, and with which headers: the same in the product and in a process of its own. */
import { chosen, LANGUAGES } from './render/words/index.ts';
import { isStale, keptNow, readServed, readWithToken, type Served, siteDir } from './files.ts';

// No script but our own file, no frame, nothing from anywhere else; forms go home.
const POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const TYPES: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  atom: 'application/atom+xml; charset=utf-8',
  ics: 'text/calendar; charset=utf-8',
  rss: 'application/rss+xml; charset=utf-8',
};
const HTML = TYPES.html as string;

/** A view: the path below the site's base, without query (`/`, `/history`). */
export interface View {
  path: string;
  /** The token of a mailed link, when there is one. */
  token?: string;
  ifNoneMatch?: string | undefined;
  acceptEncoding?: string | undefined;
  acceptLanguage?: string | undefined;
}

export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: Buffer | undefined;
}

const YEAR = 31_536_000;
const JSON_FILES = [
  'summary.json',
  'status.json',
  'components.json',
  'incidents.json',
  'incidents/unresolved.json',
  'scheduled-maintenances.json',
  'scheduled-maintenances/upcoming.json',
  'scheduled-maintenances/active.json',
].map((file) => `api/v2/${file}`);

/** Address below the base → file and seconds that a shared cache may keep it. */
const FILES = new Map<string, { file: string; cache: number }>([
  ['/history', { file: 'history.html', cache: 15 }],
  ['/history.atom', { file: 'history.atom', cache: 60 }],
  ['/feed.json', { file: 'feed.json', cache: 60 }],
  ['/maintenance.ics', { file: 'maintenance.ics', cache: 60 }],
  ['/history.rss', { file: 'history.rss', cache: 60 }],
  // Other sites load it; it must still be there for a while when this host is not.
  ['/banner.js', { file: 'banner.js', cache: 300 }],
  ['/subscribe', { file: 'subscribe.html', cache: 15 }],
  ['/assets/status.css', { file: 'assets/status.css', cache: YEAR }],
  ['/assets/status.js', { file: 'assets/status.js', cache: YEAR }],
  ...JSON_FILES.map((file): [string, { file: string; cache: number }] => [`/${file}`, { file, cache: 15 }]),
]);
const TOKEN_PAGES = new Map([
  ['/confirm', 'said/confirm.html'],
  ['/unsubscribe', 'said/unsubscribe.html'],
]);

/** Every address that can be viewed, with `:key` for the twelve characters of an incident's page. */
export const VIEWS: string[] = ['/', '/incidents/:key', ...FILES.keys(), ...TOKEN_PAGES.keys()];
/** The pages that people read, below the code of a language. */
export const LANGUAGE_VIEWS: string[] = Object.keys(LANGUAGES).flatMap((lang) => [
  `/${lang}`,
  `/${lang}/`,
  ...['/history', '/subscribe', '/incidents/:key'].map((path) => `/${lang}${path}`),
]);
/** Those that readers of Statuspage's API ask for at the root of a host. */
export const ROOT_VIEWS: string[] = JSON_FILES.map((file) => `/${file}`);

function headersOf(file: string, served: Served, cache: number): Record<string, string> {
  const headers: Record<string, string> = {
    'content-type': TYPES[file.slice(file.lastIndexOf('.') + 1)] ?? 'text/plain; charset=utf-8',
    'content-security-policy': POLICY,
    etag: `"${served.digest}"`,
    // One address, several languages: a shared cache must know.
    vary: file.endsWith('.html') ? 'accept-encoding, accept-language' : 'accept-encoding',
    'cache-control':
      cache === 0
        ? 'no-store'
        : cache > 86_400
          ? `public, max-age=${cache}, immutable`
          : `public, max-age=${cache}, stale-if-error=${file === 'banner.js' ? YEAR : 600}`,
  };
  // Public files, and the console's preview frame has an origin of its own.
  if (file.endsWith('.json') || file.endsWith('.css') || file === 'banner.js')
    headers['cross-origin-resource-policy'] = 'cross-origin';
  if (file.endsWith('.json')) headers['access-control-allow-origin'] = '*';
  return headers;
}

const matches = (ifNoneMatch: string, etag: string) =>
  ifNoneMatch.split(/\s*,\s*/).some((tag) => tag.replace(/^W\//, '') === etag);

function replyWith(view: View, file: string, served: Served, status: number, cache: number): Reply {
  const headers = headersOf(file, served, cache);
  if (status === 200 && view.ifNoneMatch !== undefined && matches(view.ifNoneMatch, headers.etag ?? ''))
    return { status: 304, headers, body: undefined };
  if (!/\bgzip\b/.test(view.acceptEncoding ?? '')) return { status, headers, body: served.body };
  headers['content-encoding'] = 'gzip';
  return { status, headers, body: served.gzip };
}

/** Before the first rendering there is nothing to serve, and nothing is claimed. */
const unwritten = (): Reply => ({
  status: 503,
  headers: {
    'content-type': HTML,
    'content-security-policy': POLICY,
    'retry-after': '10',
    'cache-control': 'no-store',
  },
  body: Buffer.from(
    '<!doctype html><html lang="en"><title>Status</title><h1>This page is being prepared</h1><p>Please try again in a few seconds.</p></html>',
  ),
});

export interface Site {
  dir: string;
  /** After so many milliseconds without a new copy the front page claims nothing. */
  staleAfterMs?: number;
}

/** One file of the site, whatever its address; the missing page (404) when it is not there. */
export async function replyFile(
  site: Site,
  view: View,
  file: string,
  { status = 200, cache = 15 }: { status?: number; cache?: number } = {},
): Promise<Reply> {
  const served = await readServed(file, site.dir);
  if (served) return replyWith(view, file, served, status, cache);
  return status === 404 || file === 'index.html' || file === 'index.stale.html'
    ? unwritten()
    : replyFile(site, view, 'said/gone.html', { status: 404 });
}

const languagesIn = async (dir: string): Promise<string[]> =>
  ((await readServed('languages', dir))?.body.toString() ?? 'en').trim().split(' ');

/** A page in the language of the address, or else the reader's best; in the site's own when it is not written in that one. */
async function replyPage(site: Site, view: View, file: string, wanted?: string): Promise<Reply> {
  const languages = await languagesIn(site.dir);
  const [own = 'en'] = languages;
  const lang = wanted ?? chosen(view.acceptLanguage, languages) ?? own;
  const translated = lang === own ? undefined : await readServed(`${lang}/${file}`, site.dir);
  const reply = translated
    ? replyWith(view, `${lang}/${file}`, translated, 200, 15)
    : await replyFile(site, view, file);
  if (reply.status === 200 || reply.status === 304) reply.headers['content-language'] = translated ? lang : own;
  return reply;
}

/** The answer to a view of the site. Asks the disk at most a few times a second, and no database ever. */
export async function replyTo(view: View, site: Site = { dir: siteDir() }): Promise<Reply> {
  const [, lang, below = '/'] = /^\/([a-z]{2})(\/.*)?$/.exec(view.path) ?? [];
  if (lang === undefined) return replyIn(view, site);
  if (!(await languagesIn(site.dir)).includes(lang)) return replyFile(site, view, 'said/nothing');
  return replyIn({ ...view, path: below }, site, lang);
}

async function replyIn(view: View, site: Site, lang?: string): Promise<Reply> {
  const { path } = view;
  if (path === '/' || path === '') {
    const stale = await isStale(site.dir, site.staleAfterMs);
    return replyPage(site, view, stale ? 'index.stale.html' : 'index.html', lang);
  }
  const plain = FILES.get(path);
  if (plain?.file.endsWith('.html')) return replyPage(site, view, plain.file, lang);
  if (plain) return replyFile(site, view, plain.file, { cache: plain.cache });
  const form = TOKEN_PAGES.get(path);
  if (form) {
    // The form carries the token of a mailed link back. Opening it changes nothing, whoever opens it.
    const body = await readWithToken(form, view.token ?? '', site.dir);
    if (!body) return unwritten();
    return {
      status: 200,
      headers: { 'content-type': HTML, 'content-security-policy': POLICY, 'cache-control': 'no-store' },
      body,
    };
  }
  const incident = /^\/incidents\/([a-z0-9]{12})$/.exec(path)?.[1];
  return incident ? replyPage(site, view, `incidents/${incident}.html`, lang) : replyFile(site, view, 'said/nothing');
}

/** The same at once, when what it needs was looked at just now; undefined otherwise. */
export function replyNow(view: View, site: Site, now: number): Reply | undefined {
  // What is read in one language by nearly everybody; who wants another is worth a look at the disk.
  const own = keptNow('languages', site.dir)?.body.toString().trim().split(' ');
  if (!own || (view.acceptLanguage && chosen(view.acceptLanguage, own) !== own[0])) return undefined;
  const plain = FILES.get(view.path);
  if (plain && !plain.file.endsWith('.html')) {
    const served = keptNow(plain.file, site.dir);
    return served && replyWith(view, plain.file, served, 200, plain.cache);
  }
  if (view.path !== '/') return undefined;
  const written = keptNow('written', site.dir);
  if (!written || now - Number(written.body.toString()) > (site.staleAfterMs ?? 600_000)) return undefined;
  const served = keptNow('index.html', site.dir);
  return served && replyWith(view, 'index.html', served, 200, 15);
}
