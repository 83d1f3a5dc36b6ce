/** Connector `runner`: a command that `evenkeel runner` allows, on a machine we cannot reach; the runner fetches it, outward. */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { addMs, type Ctx, monotonic } from '#kernel';
import type { ReadBack, Sent } from '../contract.ts';
import { once } from '../../systems/once.ts';
import type { Reached } from '../../systems/stateful.ts';
import { jobByKey, queueJob, withdrawJob } from './store.ts';

const word = z.string().regex(/^[a-z][a-z0-9_]{0,62}$/);
const args = z.array(z.string().max(400)).max(20);
const params = z.strictObject({
  system: z.string().min(1).max(63),
  command: word,
  args: args.default([]),
  undo_command: word.optional(),
  undo_args: args.optional(),
});
const POLL_MS = 150;

async function start(ctx: Ctx, { system, call }: Reached, key: string, undo: boolean): Promise<Sent> {
  const given = call.params as { command: string; args: string[]; undo_command?: string; undo_args?: string[] };
  const job = await queueJob(ctx, {
    key,
    systemId: system.id,
    command: undo ? given.undo_command! : given.command,
    args: undo ? (given.undo_args ?? given.args) : given.args,
    fence: call.fence,
    expiresAt: addMs(ctx.now, call.timeoutMs),
  });
  const until = monotonic() + call.timeoutMs;
  while (monotonic() < until) {
    const now = (await jobByKey(ctx.db, key))!;
    if (now.state === 'done') return { result: 'accepted', response: { output: now.output, exitCode: now.exitCode } };
    if (now.state === 'refused') return { result: 'refused', message: now.output || 'the runner does not allow it' };
    // It ran and failed: what it did until then nobody knows.
    if (now.state === 'failed')
      return {
        result: 'unknown',
        message: `ended with ${now.exitCode ?? 'no exit code'}: ${now.output.slice(0, 200)}`,
      };
    await sleep(POLL_MS);
  }
  const withdrawn = await withdrawJob(ctx, job.id);
  return withdrawn
    ? { result: 'refused', message: 'no runner fetched it in time; it was taken back' }
    : { result: 'unknown', message: 'the runner has not answered in time' };
}

async function find(ctx: Ctx, _reached: Reached, key: string): Promise<ReadBack> {
  const job = await jobByKey(ctx.db, key);
  if (!job || job.state === 'refused' || job.state === 'withdrawn') return 'not_applied';
  if (job.state === 'done') return 'applied';
  if (job.state === 'queued') return (await withdrawJob(ctx, job.id)) ? 'not_applied' : 'unreadable';
  return 'unreadable';
}

export const runner = once({
  name: 'runner',
  title: 'Runner',
  kind: 'runner',
  actions: {
    'runner.run': {
      title: 'Run an allowed command',
      risk: 'compensable',
      params,
      hint: '{system: db-hosts, command: restart_replica, args: ["2"]}',
      manual: (given) => `On ${String(given.system)}, do by hand what "${String(given.command)}" does.`,
      find,
      start,
      say: (given) => ({
        targets: [`${String(given.system)}: ${String(given.command)}`],
        effect: `A runner of ${String(given.system)} runs "${String(given.command)}"${(given.args as string[] | undefined)?.length ? ` with ${(given.args as string[]).join(' ')}` : ''}, if its allow-list has it.`,
        undo: given.undo_command ? `Runs "${String(given.undo_command)}".` : null,
      }),
    },
  },
});
