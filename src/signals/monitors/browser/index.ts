/** Browser journey: a real Chromium opens, clicks, types and looks. Off unless a Chromium is there. */
import type { Page } from 'playwright-core';
import { monotonic } from '#kernel';
import { z } from 'zod';
import { type Checked, failed, type FieldProblem, fill, type Look, type MonitorKind, type Outcome } from '../family.ts';
import { hostOfUrl, problemsOfUrl } from '../http/index.ts';
import { findBrowser, type FoundBrowser } from './chromium.ts';
import { type GuardProxy, openGuardProxy } from './proxy.ts';

export const ACTIONS = ['open', 'click', 'type', 'see', 'not_see', 'wait'] as const;

const action = z.strictObject({
  do: z.enum(ACTIONS),
  /** An address (`open`), a CSS selector or `text=…` (`click`, `type`, `wait`), a text (`see`, `not_see`). */
  on: z.string().trim().min(1).max(2000),
  /** What is typed. */
  value: z.string().max(2000).default(''),
});
const spec = z.strictObject({ actions: z.array(action).min(1).max(40) });
type BrowserSpec = z.infer<typeof spec>;
type Action = z.infer<typeof action>;

const WORDS: Record<Action['do'], string> = {
  open: 'Open',
  click: 'Click',
  type: 'Type into',
  see: 'See',
  not_see: 'Do not see',
  wait: 'Wait for',
};
export const sayAction = (one: Action) => `${WORDS[one.do]} ${one.on}`;

async function act(page: Page, one: Action, values: Record<string, string>, timeout: number): Promise<void> {
  const on = fill(one.on, values);
  if (one.do === 'open') {
    const answer = await page.goto(on, { timeout, waitUntil: 'load' });
    if (answer && answer.status() >= 400) throw new Error(`it answered ${answer.status()}`);
  } else if (one.do === 'click') await page.locator(on).first().click({ timeout });
  else if (one.do === 'type') await page.locator(on).first().fill(fill(one.value, values), { timeout });
  else if (one.do === 'wait') await page.locator(on).first().waitFor({ timeout });
  else if (one.do === 'see') await page.getByText(on).first().waitFor({ timeout, state: 'visible' });
  else if (await page.getByText(on).first().isVisible()) throw new Error('it is there');
}

/** Playwright's errors are pages long; the first line says it. */
const short = (error: unknown, proxy: GuardProxy): string => {
  const first = ((error as Error).message.split('\n')[0] ?? '').replace(/^[\w.]+: /, '');
  const refused = proxy.refused.at(-1);
  return refused ? `${first} (${refused} may not be called from here)` : first;
};

async function walk(found: FoundBrowser, one: BrowserSpec, look: Look, proxy: GuardProxy): Promise<Outcome> {
  const from = monotonic();
  const browser = await found.playwright.chromium.launch({
    executablePath: found.executablePath,
    timeout: look.timeoutMs,
    // Loopback too goes through the proxy; nothing else opens a connection of its own.
    proxy: { server: proxy.url, bypass: '<-loopback>' },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
    ],
  });
  const checked: Checked[] = [];
  const facts: Outcome['facts'] = {};
  try {
    const page = await (await browser.newContext({ acceptDownloads: false })).newPage();
    const started = monotonic();
    for (const [n, each] of one.actions.entries()) {
      const left = look.timeoutMs - (monotonic() - from);
      const text = sayAction(each);
      const before = monotonic();
      try {
        if (left <= 0) throw new Error('no time was left for it');
        await act(page, each, look.secrets, left);
        checked.push({ text, ok: true, actual: `${Math.round(monotonic() - before)} ms` });
        facts[`step_${n + 1}_ms`] = Math.round(monotonic() - before);
      } catch (error) {
        const why = short(error, proxy);
        checked.push({ text, ok: false, actual: why });
        return { ...failed(monotonic() - started, `${text}: ${why}`, facts), checked };
      }
    }
    return { ok: true, ms: monotonic() - started, reason: '', facts, checked };
  } finally {
    await browser.close();
  }
}

/** Browsers are heavy: one at a time in a process. */
let before: Promise<unknown> = Promise.resolve();

async function run(one: BrowserSpec, look: Look): Promise<Outcome> {
  const found = await findBrowser();
  if (typeof found === 'string') return { ok: null, ms: 0, reason: found, facts: {} };
  const turn = before.then(async () => {
    const proxy = await openGuardProxy();
    try {
      return await walk(found, one, look, proxy);
    } catch (error) {
      return { ok: null, ms: 0, reason: `Chromium did not start: ${short(error, proxy)}`, facts: {} };
    } finally {
      await proxy.close();
    }
  });
  before = turn.catch(() => {});
  return turn;
}

const problems = (one: BrowserSpec): FieldProblem[] => [
  ...(one.actions[0]?.do === 'open' ? [] : [{ path: 'actions.0.do', message: 'It begins by opening an address.' }]),
  ...one.actions.flatMap((each, n) => (each.do === 'open' ? problemsOfUrl(each.on, `actions.${n}.on`) : [])),
];

export const browser: MonitorKind<BrowserSpec> = {
  kind: 'browser',
  title: 'Journey (browser)',
  description: 'A real Chromium opens pages, clicks, types and looks. Needs a Chromium where it runs.',
  fields: [
    { name: 'actions', label: 'Actions', type: 'actions', help: 'In order. Secrets are written {{name}}.' },
    { name: 'secrets', label: 'Secrets', type: 'secrets', advanced: true, help: 'Written as {{name}}. Kept sealed.' },
  ],
  start: {
    actions: [
      { do: 'open', on: '', value: '' },
      { do: 'see', on: '', value: '' },
    ],
  },
  spec,
  check: problems,
  target: (one) => `${one.actions.length} actions from ${(one.actions[0]?.on ?? '').replace(/^https?:\/\//, '')}`,
  goesTo: (one) => one.actions.filter((each) => each.do === 'open').map((each) => hostOfUrl(each.on)),
  lacks: async () => {
    const found = await findBrowser();
    return typeof found === 'string' ? found : undefined;
  },
  run,
};
