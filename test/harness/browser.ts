/** Opens the product in a real browser for a test: one Chromium per process, one clean context per page. */
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, chromium, type Page } from 'playwright-core';
import { findChromium } from './chromium.ts';

/** What the browser needs to know of a running product; the harness' `House` is one. */
export interface Visited {
  url: string;
  /** The value of the session cookie of somebody with that role. */
  sessionToken?(role: never): Promise<string>;
}

export interface PageOptions {
  /** Width of the window in CSS pixels; 390 is the phone we promise. */
  width?: number;
  height?: number;
  colorScheme?: 'light' | 'dark';
  /** A role of the house (`responder`), or a ready `name=value` cookie. */
  signedInAs?: string | { cookie: string };
  timeZone?: string;
  javaScript?: boolean;
  /** Path to open; nothing is opened when left out. */
  path?: string;
}

export interface OpenedPage {
  page: Page;
  /** Requests to a host other than the product's. They are refused, and `close` throws when there were any. */
  foreign: string[];
  /** Uncaught errors, and errors written to the console (a CSP violation is one). */
  errors: string[];
  goto(path: string): Promise<void>;
  /** Closes the page; throws when the page asked a foreign host for something or raised an error. */
  close(): Promise<void>;
}

let browser: Promise<Browser> | undefined;

/** The browser of this process. Chromium's sandbox is off: it only ever visits the product under test. */
export function openBrowser(): Promise<Browser> {
  browser ??= findChromium().then(({ executablePath, env }) =>
    chromium.launch({
      executablePath,
      env: { ...process.env, ...env } as Record<string, string>,
      args: ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none', '--force-color-profile=srgb'],
    }),
  );
  return browser;
}

/** Ends the browser; call it in `afterAll`. */
export async function closeBrowser(): Promise<void> {
  const running = browser;
  browser = undefined;
  await (await running)?.close();
}

/** Opens a page on the product with its own cookies and storage. */
export async function openPage(visited: Visited | string, options: PageOptions = {}): Promise<OpenedPage> {
  const house: Visited = typeof visited === 'string' ? { url: visited } : visited;
  const origin = new URL(house.url).origin;
  const context = await (
    await openBrowser()
  ).newContext({
    baseURL: origin,
    viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
    colorScheme: options.colorScheme ?? 'light',
    timezoneId: options.timeZone ?? 'Europe/Berlin',
    locale: 'en-GB',
    reducedMotion: 'reduce',
    javaScriptEnabled: options.javaScript ?? true,
  });
  const cookie = await cookieFor(house, options.signedInAs);
  if (cookie) await context.addCookies(parseCookies(cookie, origin));

  const foreign: string[] = [];
  const errors: string[] = [];
  await context.route(
    (url) => url.origin !== origin && !['data:', 'blob:', 'about:'].includes(url.protocol),
    (route) => {
      foreign.push(route.request().url());
      return route.abort();
    },
  );
  const page = await context.newPage();
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !isExpected(message.text()))
      errors.push(`${message.text()} ${message.location().url}`.trim());
  });
  const goto = async (path: string) => {
    await page.goto(path, { waitUntil: 'domcontentloaded' });
    await settled(page);
  };
  if (options.path) await goto(options.path);
  return {
    page,
    foreign,
    errors,
    goto,
    close: async () => {
      await context.close();
      if (foreign.length > 0) throw new Error(`The page asked a foreign host: ${foreign.join(', ')}`);
      if (errors.length > 0) throw new Error(`The page raised errors:\n${errors.join('\n')}`);
    },
  };
}

/** A refused call (401, 409 …) is an answer the screens deal with; Chromium logs it as an error all the same. */
const isExpected = (text: string): boolean => /the server responded with a status of 4\d\d/.test(text);

async function cookieFor(house: Visited, who: PageOptions['signedInAs']): Promise<string | undefined> {
  if (!who) return undefined;
  if (typeof who !== 'string') return who.cookie;
  if (!house.sessionToken) throw new Error('signedInAs with a role needs a house that can sign in');
  return `evenkeel=${await house.sessionToken(who as never)}`;
}

/** `a=1; b=2` (attributes after the first pair of a Set-Cookie line do no harm) as cookies of the origin. */
function parseCookies(cookie: string, origin: string) {
  const attributes = new Set(['path', 'expires', 'max-age', 'samesite', 'domain']);
  return cookie
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.includes('=') && !attributes.has(pair.split('=', 1)[0]!.toLowerCase()))
    .map((pair) => ({ name: pair.slice(0, pair.indexOf('=')), value: pair.slice(pair.indexOf('=') + 1), url: origin }));
}

/** True once the app has drawn something and nothing says that it is busy. Text, since the server's types know no DOM. */
const calm = `(() => {
  const root = document.getElementById('root');
  return (!root || root.childElementCount > 0) && !document.querySelector('[aria-busy="true"]');
})()`;

/** Waits until nothing on the page says it is busy and the fonts are there. (`networkidle` never comes: the stream stays open.) */
export async function settled(page: Page, timeout = 20_000): Promise<void> {
  // Asked from outside: the page's own content security policy forbids a poll by text inside it.
  const end = performance.now() + timeout;
  while (!(await page.evaluate<boolean>(calm).catch(() => false))) {
    if (performance.now() > end) throw new Error(`${page.url()} is still busy after ${timeout} ms`);
    await page.waitForTimeout(40);
  }
  await page.evaluate('document.fonts.ready.then(() => undefined)');
}

export interface AxeFinding {
  id: string;
  impact: string;
  help: string;
  where: string[];
}

/** WCAG 2.2 A and AA plus best practices by axe-core; an empty list is a clean page. */
export async function axeCheck(page: Page, options: { exclude?: string[] } = {}): Promise<AxeFinding[]> {
  let axe = new AxeBuilder({ page }).withTags([
    'wcag2a',
    'wcag2aa',
    'wcag21a',
    'wcag21aa',
    'wcag22aa',
    'best-practice',
  ]);
  for (const selector of options.exclude ?? []) axe = axe.exclude(selector);
  const { violations } = await axe.analyze();
  return violations.map(({ id, impact, help, nodes }) => ({
    id,
    impact: impact ?? 'unknown',
    help,
    where: nodes.map((node) => `${node.target.join(' ')}: ${node.failureSummary?.replaceAll('\n', ' ') ?? ''}`),
  }));
}
