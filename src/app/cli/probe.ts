/** `evenkeel probe`: looks at monitors from another place. It calls outward only, and needs neither database nor open port. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { config, log, monotonic, Problem, processNow, projectPath } from '#kernel';
import { openRunner, type Runner, type Watched } from '../../signals/monitors/engine/runner.ts';
import { kinds } from '../../signals/monitors/families.ts';
import type { Result } from '../../signals/monitors/model.ts';
import { listenForStop } from './lifecycle.ts';
import { say } from './say.ts';

export interface ProbeOptions {
  url?: string;
  token?: string;
  /** Send the token over plain HTTP to another machine all the same. */
  plain?: boolean;
  once?: boolean;
  startedBy?: string;
}

interface Seen extends Omit<Result, 'at'> {
  /** Monotonic, so that a clock set wrong does not matter. */
  seenAt: number;
}

interface Answer {
  revision: string;
  pollMs: number;
  monitors: Watched[] | null;
}

/** Kept while the product cannot be reached; the oldest are given up beyond that. */
const MAX_BUFFER = 20_000;
const AT_A_TIME = 2000;

function addressOf(options: ProbeOptions): { url: string; token: string } {
  const url = (options.url ?? config.publicUrl).replace(/\/+$/, '');
  const token = options.token ?? config.apiToken ?? '';
  if (!token.startsWith('ekp_'))
    throw new Problem(422, 'A probe needs its token', {
      rule: 'app.probe',
      detail:
        'Add a place in the console (Monitors, Places), then: EVENKEEL_TOKEN=ekp_… evenkeel probe --url https://evenkeel.example',
    });
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname);
  if (url.startsWith('http:') && !local && !options.plain)
    throw new Problem(422, 'The token and the secrets of monitors would go over plain HTTP', {
      rule: 'app.probe',
      detail: 'Use an https address, or say --plain if the way there is safe.',
    });
  return { url, token };
}

async function lacking(): Promise<Record<string, string>> {
  const found = await Promise.all(kinds.map(async (kind) => [kind.kind, await kind.lacks?.()] as const));
  return Object.fromEntries(found.filter((one): one is [string, string] => one[1] !== undefined));
}

interface Line {
  seen: Seen[];
  /** Results on their way, with the name of their batch: sent again under the same name until they are taken. */
  sending: { batch: string; results: Seen[] } | undefined;
  revision: string;
  version: string;
  lacks: Record<string, string>;
}

/** One call: what was seen goes out, what to look at comes in. Throws when the product did not take it. */
async function poll(line: Line, where: { url: string; token: string }, runner: Runner): Promise<number> {
  if (!line.sending && line.seen.length > 0)
    line.sending = { batch: randomUUID(), results: line.seen.splice(0, AT_A_TIME) };
  const now = monotonic();
  const answer = await fetch(`${where.url}/api/v1/probe/poll`, {
    method: 'POST',
    redirect: 'error',
    signal: AbortSignal.timeout(20_000),
    headers: { authorization: `Bearer ${where.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      version: line.version,
      lacks: line.lacks,
      revision: line.revision,
      batch: line.sending?.batch ?? '',
      results:
        line.sending?.results.map(({ seenAt, ...result }) => ({ ...result, agoMs: Math.max(0, now - seenAt) })) ?? [],
    }),
  });
  if (answer.status === 401)
    throw new Problem(401, 'The product does not know this token', {
      rule: 'signals.probe_token',
      detail: 'It may have been renewed or its probe removed.',
    });
  if (!answer.ok) throw new Error(`it answered ${answer.status}`);
  const body = (await answer.json()) as Answer;
  line.sending = undefined;
  if (body.monitors) {
    runner.watch(body.monitors);
    line.revision = body.revision;
    log.info({ monitors: body.monitors.length }, 'told what to look at');
  }
  return body.pollMs;
}

/** Runs until it is asked to stop. A token that is refused ends it with 1; anything else is tried again. */
export async function probeCommand(options: ProbeOptions): Promise<void> {
  const where = addressOf(options);
  const { version } = JSON.parse(readFileSync(projectPath('package.json'), 'utf8')) as { version: string };
  const line: Line = { seen: [], sending: undefined, revision: '', version, lacks: await lacking() };
  const runner = openRunner({
    now: processNow,
    onResult: ({ at: _at, ...result }) => {
      line.seen.push({ ...result, seenAt: monotonic() });
      if (line.seen.length > MAX_BUFFER) line.seen.splice(0, line.seen.length - MAX_BUFFER);
    },
  });
  if (options.once) {
    await poll(line, where, runner);
    await runner.runDue(true);
    await poll(line, where, runner);
    return;
  }
  const stop = listenForStop(options.startedBy);
  let leaving = false;
  void stop.asked.then(() => (leaving = true));
  runner.start();
  say(
    `Looking for ${where.url}${Object.keys(line.lacks).length > 0 ? `, without ${Object.keys(line.lacks).join(', ')}` : ''}`,
  );
  let wait = 0;
  let failures = 0;
  while (!leaving) {
    await Promise.race([stop.asked, new Promise((resolve) => setTimeout(resolve, wait))]);
    try {
      wait = await poll(line, where, runner);
      if (failures > 0) log.info({ failures }, 'the product can be reached again');
      failures = 0;
    } catch (error) {
      if (error instanceof Problem) throw error;
      failures += 1;
      wait = Math.min(60_000, 1000 * 2 ** Math.min(failures, 6));
      log.warn(
        { error: (error as Error).message, tryAgainMs: wait },
        'the product cannot be reached; what is seen is kept',
      );
    }
  }
  await runner.stop();
  process.exit(0);
}
