/** A real product process on a scratch database, as a newcomer would start it, and browsers' ways into it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { client, type WebClient } from '../../harness/client.ts';

export interface Product {
  url: string;
  setupLink: string;
  /** From the start of the process to the first answered request. */
  startMs: number;
  stop(): Promise<number | null>;
  /** Everything the process printed. */
  output(): string;
}

const root = join(import.meta.dirname, '../../..');

/** Starts the product with its own database in a scratch directory; loopback may be called, so that the fakes can be reached. */
export async function startProduct(): Promise<Product> {
  const dataDir = mkdtempSync(join(tmpdir(), 'evenkeel story '));
  const started = performance.now();
  const child: ChildProcess = spawn(process.execPath, [join(root, 'src/app/cli.ts'), 'serve', '--port', '0'], {
    env: {
      ...process.env,
      EVENKEEL_DATA: dataDir,
      EVENKEEL_EGRESS_ALLOW: '127.0.0.1:*',
      LOG_LEVEL: 'warn',
      DATABASE_URL: '',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  child.stdout?.on('data', (part) => (text += part));
  child.stderr?.on('data', (part) => (text += part));
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve));
  const link = await until(
    () => /https?:\/\/\S+\/setup\?token=\S+/.exec(text)?.[0],
    60_000,
    () => `the product did not come up:\n${text}`,
  );
  const url = new URL(link).origin;
  await until(
    async () => ((await fetch(`${url}/readyz`).catch(() => undefined))?.ok ? true : undefined),
    10_000,
    () => 'not ready',
  );
  return {
    url,
    setupLink: link,
    startMs: Math.round(performance.now() - started),
    output: () => text,
    stop: async () => {
      child.kill('SIGTERM');
      const code = await exited;
      rmSync(dataDir, { recursive: true, force: true });
      return code;
    },
  };
}

/** Asks again until there is an answer; throws with what was last seen when time is up. */
export async function until<T>(
  ask: () => T | undefined | Promise<T | undefined>,
  ms: number,
  why: () => string,
): Promise<T> {
  const end = performance.now() + ms;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > end) throw new Error(why());
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A browser signed in by the answer that set its cookie. */
export function browser(url: string, headers: Headers): WebClient {
  const cookie = (headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  return client(url, { cookie, 'x-evenkeel': '1' });
}

/** A condition of the story; the text says what was expected. */
export function expect(condition: unknown, text: string): asserts condition {
  if (!condition) throw new Error(text);
}

/** The body of an answer that must have this status. */
export async function must(
  answer: Promise<{ status: number; body: any; text: string }>,
  ...statuses: number[]
): Promise<any> {
  const got = await answer;
  if (!(statuses.length === 0 ? got.status < 300 : statuses.includes(got.status)))
    throw new Error(`expected ${statuses.join(' or ') || '2xx'}, got ${got.status}: ${got.text.slice(0, 600)}`);
  return got.body;
}

/** Opens a page without scripts and submits its one form, as a person pressing its button does. */
export async function pressButton(web: WebClient, path: string): Promise<string> {
  const answer = await web.get(path);
  if (answer.status !== 200) throw new Error(`${path.slice(0, 40)}… answered ${answer.status}`);
  const form = /<form[^>]*method="post"[^>]*>[\s\S]*?<\/form>/i.exec(answer.text)?.[0] ?? '';
  const action = /action="([^"]*)"/.exec(form)?.[1]?.replaceAll('&amp;', '&') || path;
  const fields = new URLSearchParams();
  for (const m of form.matchAll(/<input[^>]*name="([^"]*)"[^>]*value="([^"]*)"/g))
    fields.append(m[1] ?? '', m[2] ?? '');
  const target = new URL(action, `http://here${path}`);
  const sent = await web.send('POST', target.pathname + target.search, fields.toString(), {
    'content-type': 'application/x-www-form-urlencoded',
  });
  if (sent.status >= 400)
    throw new Error(`the button of ${path.slice(0, 40)}… answered ${sent.status}: ${sent.text.slice(0, 300)}`);
  return sent.text;
}
