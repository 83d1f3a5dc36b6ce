/** `evenkeel status`: the public page from a process of its own, and what can be said there when nothing else works. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { config, dataPath, parseDuration, Problem, processNow } from '#kernel';
import { lintText } from '../../../contract/comms-lint/index.ts';
import { signNotice, type SignedNotice } from '../../comms/notices/note.ts';
import { standingNotices } from '../../comms/notices/folder.ts';
import { takeNotice } from '../../comms/notices/taking.ts';
import { openEdge } from '../../comms/statuspage/edge.ts';
import { listenForStop } from './lifecycle.ts';
import { say, sayJson } from './say.ts';

const refuse = (title: string, detail?: string): Problem =>
  new Problem(422, title, { rule: 'app.status', ...(detail && { detail }) });

const folderOf = (dir: string | undefined): string => resolve(dir ?? join(config.dataDir, 'status'));

export interface ServeOptions {
  dir?: string;
  from?: string;
  every?: string;
  staleAfter?: string;
  port?: number;
  host?: string;
  startedBy?: string;
}

function milliseconds(text: string, what: string): number {
  const found = parseDuration(text);
  if (found === undefined) throw refuse(`${what} is a time such as 5s or 10m, not “${text}”`);
  return found;
}

/** Serves the page until it is asked to stop. */
export async function statusCommand(options: ServeOptions): Promise<void> {
  const from = options.from?.replace(/\/+$/, '').replace(/\/status$/, '');
  if (from && !URL.canParse(from)) throw refuse(`“${from}” is not an address`, 'Such as https://evenkeel.example.com');
  const dir = options.dir ? resolve(options.dir) : from ? dataPath('status-copy') : folderOf(undefined);
  const edge = await openEdge({
    dir,
    from,
    host: options.host ?? config.host,
    port: options.port ?? config.port,
    everyMs: milliseconds(options.every ?? '5s', '--every'),
    staleAfterMs: milliseconds(options.staleAfter ?? '10m', '--stale-after'),
  });
  say(`The status page is at ${edge.url}`);
  say(from ? `It is copied from ${from} into ${dir}` : `It is served from ${dir}`);
  await listenForStop(options.startedBy).asked;
  await edge.close();
  process.exit(0);
}

export interface SayOptions {
  keyFile: string;
  headline?: string;
  text?: string;
  nextUpdate?: string;
  end?: string;
  dir?: string;
  to?: string;
  override?: string;
  json?: boolean;
}

/** The words are looked at as any public message is; a secret is never sent, anything else may be with a reason. */
function check({ headline = '', text = '', override }: SayOptions, nextUpdate: string | null): void {
  const found = lintText(`${headline}. ${text}`, {
    audience: 'public',
    phase: 'detection',
    next: nextUpdate,
  }).filter(({ level }) => level === 'error');
  const secret = found.find((one) => one.secret);
  if (secret) throw refuse(`“${secret.words}” looks like a secret`, 'Take it out; this cannot be overridden.');
  const [first] = found;
  if (first && !override)
    throw refuse(
      `“${first.words}”: ${first.reason}`,
      `${found.length === 1 ? 'Write it otherwise' : `${found.length} places like this: write them otherwise`}, or give a reason with --override.`,
    );
}

const keyOf = (file: string): string => {
  if (file !== '-' && !existsSync(file)) throw refuse(`There is no key at ${file}`);
  return readFileSync(file === '-' ? 0 : file, 'utf8');
};

async function deliver(notice: SignedNotice, { to, dir }: SayOptions): Promise<string> {
  if (!to) {
    const folder = folderOf(dir);
    await takeNotice(JSON.stringify(notice), folder);
    return folder;
  }
  const url = `${to.replace(/\/+$/, '').replace(/\/status$/, '')}/status/emergency`;
  const answer = await fetch(url, {
    method: 'POST',
    redirect: 'error',
    signal: AbortSignal.timeout(15_000),
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(notice),
  });
  if (!answer.ok) {
    const said = (await answer.json().catch(() => ({}))) as { title?: string };
    throw refuse(`${url} answered ${answer.status}`, said.title);
  }
  return url.replace(/\/emergency$/, '');
}

/** Publishes an emergency notice, or ends one. */
export async function sayCommand(options: SayOptions): Promise<void> {
  const now = processNow();
  const nextUpdateBy = options.nextUpdate ? new Date(now + milliseconds(options.nextUpdate, '--next-update')) : null;
  if (options.end === undefined) {
    if (!options.headline) throw refuse('What should customers read? Give --headline');
    check(options, nextUpdateBy?.toISOString() ?? null);
  }
  const notice = signNotice(
    {
      headline: options.headline ?? 'This notice is over',
      text: options.text ?? '',
      nextUpdateBy,
      ...(options.end !== undefined && { ends: options.end }),
    },
    keyOf(options.keyFile),
    new Date(now),
  );
  const where = await deliver(notice, options);
  if (options.json) return sayJson({ id: notice.id, where, ends: notice.ends });
  say(options.end ? `The notice ${options.end} is off the page.` : `Customers read it now: ${where}`);
  if (!options.end) say(`To end it: evenkeel status say --key-file ${options.keyFile} --end ${notice.id}`);
}

/** What stands in a folder. */
export async function listCommand(options: { dir?: string; json?: boolean }): Promise<void> {
  const notices = await standingNotices(folderOf(options.dir));
  if (options.json) return sayJson({ notices });
  for (const { id, headline, writtenAt } of notices) say(`${id}  ${writtenAt.toISOString()}  ${headline}`);
  if (notices.length === 0) say('No notice waits here.');
}
