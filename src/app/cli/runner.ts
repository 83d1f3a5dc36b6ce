/** `evenkeel runner`: runs allowed commands where we cannot reach. It calls outward only; what may run stands in a file on this machine. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { config, log, Problem } from '#kernel';
import { z } from 'zod';
import { listenForStop } from './lifecycle.ts';
import { say } from './say.ts';

export interface RunnerOptions {
  url?: string;
  token?: string;
  system: string;
  allow: string;
  name?: string;
  once?: boolean;
  startedBy?: string;
}

/** The allow-list: a program with fixed arguments, and for each further argument what it may be. Never a shell. */
export const allowList = z.record(
  z.string().regex(/^[a-z][a-z0-9_]{0,62}$/),
  z.strictObject({
    program: z.string().startsWith('/'),
    args: z.array(z.string()).default([]),
    /** What a job may add, in their order: a whole number, a word (letters, digits, `_ . -`), or one of a list. */
    accepts: z.array(z.union([z.enum(['integer', 'word']), z.array(z.string()).min(1)])).default([]),
    timeout_s: z.number().min(1).max(3_600).default(60),
  }),
);
export type AllowList = z.infer<typeof allowList>;
export interface Job {
  id: string;
  command: string;
  args: string[];
}
export type Verdict = { run: { program: string; args: string[]; timeoutMs: number } } | { refused: string };

/** Whether a job may run here. Pure: what is not on the list does not exist. */
export function admit(list: AllowList, job: Pick<Job, 'command' | 'args'>): Verdict {
  const entry = Object.hasOwn(list, job.command) ? list[job.command] : undefined;
  if (!entry) return { refused: `"${job.command}" is not on the allow-list of this machine` };
  if (job.args.length !== entry.accepts.length)
    return { refused: `"${job.command}" takes ${entry.accepts.length} arguments, not ${job.args.length}` };
  const bad = job.args.findIndex((text, index) => !fits(entry.accepts[index]!, text));
  if (bad >= 0) return { refused: `argument ${bad + 1} of "${job.command}" is not allowed` };
  return { run: { program: entry.program, args: [...entry.args, ...job.args], timeoutMs: entry.timeout_s * 1000 } };
}

function fits(accepts: AllowList[string]['accepts'][number], text: string): boolean {
  if (Array.isArray(accepts)) return accepts.includes(text);
  // A word never begins with a dash: it would be read as an option.
  return accepts === 'integer' ? /^\d{1,15}$/.test(text) : /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}$/.test(text);
}

const run = ({ program, args, timeoutMs }: { program: string; args: string[]; timeoutMs: number }) =>
  new Promise<{ state: 'done' | 'failed'; output: string; exitCode: number | null }>((resolve) => {
    execFile(
      program,
      args,
      { timeout: timeoutMs, maxBuffer: 1_000_000, env: { PATH: '/usr/bin:/bin' } },
      (error, stdout, stderr) => {
        const output = `${stdout}${stderr}`.slice(0, 10_000);
        const code = error ? ((error as { code?: unknown }).code ?? null) : 0;
        resolve({
          state: error ? 'failed' : 'done',
          output: error && !output ? error.message : output,
          exitCode: typeof code === 'number' ? code : null,
        });
      },
    );
  });

/** Asks once, runs what it gets, tells how it ended. True when there was a job. */
export async function workOnce(
  where: { url: string; token: string; system: string; name: string },
  list: AllowList,
): Promise<boolean> {
  const call = async (path: string, body: object): Promise<any> => {
    const answer = await fetch(`${where.url}${path}`, {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.timeout(20_000),
      headers: { authorization: `Bearer ${where.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status} ${(await answer.text()).slice(0, 200)}`);
    return answer.json();
  };
  const { job } = (await call('/api/v1/runner/poll', { system: where.system, runner: where.name })) as {
    job: Job | null;
  };
  if (!job) return false;
  const verdict = admit(list, job);
  const ended =
    'refused' in verdict
      ? { state: 'refused' as const, output: verdict.refused, exitCode: null }
      : await run(verdict.run);
  log.info({ job: job.id, command: job.command, state: ended.state }, 'runner job');
  // Told until it is taken: a job whose end nobody hears of is a person's work.
  for (let n = 0; ; n++) {
    try {
      await call(`/api/v1/runner/jobs/${job.id}`, ended);
      return true;
    } catch (error) {
      if (n >= 20) throw error;
      await sleep(Math.min(30_000, 500 * 2 ** n) * Math.random());
    }
  }
}

export async function runner(options: RunnerOptions): Promise<void> {
  const list = allowList.parse(JSON.parse(readFileSync(options.allow, 'utf8')));
  const token = options.token ?? config.apiToken ?? '';
  if (token === '')
    throw new Problem(422, 'A runner needs a token', {
      rule: 'app.runner',
      detail:
        'Make one with the scopes playbooks.pollRunner and playbooks.finishRunner, then: EVENKEEL_TOKEN=… evenkeel runner --system name --allow file.json',
    });
  const where = {
    url: (options.url ?? config.publicUrl).replace(/\/+$/, ''),
    token,
    system: options.system,
    name: options.name ?? hostname(),
  };
  let stopping = false;
  void listenForStop(options.startedBy).asked.then(() => (stopping = true));
  say(`Runner of ${where.system} at ${where.url}; it may run: ${Object.keys(list).join(', ')}`);
  do {
    const worked = await workOnce(where, list).catch((error: unknown) => {
      log.warn({ error: (error as Error).message }, 'the product did not take the call');
      return false;
    });
    if (options.once) return;
    if (!worked) await sleep(1_000);
  } while (!stopping);
}
