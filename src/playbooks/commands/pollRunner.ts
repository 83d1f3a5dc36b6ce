/** A runner fetches its next job. Each is handed out once: whoever dies with it leaves it to a human. */
import { type Ctx, notFound } from '#kernel';
import { command } from '#security';
import { type RunnerJobRow, takeJob } from '../actions/runner/store.ts';
import { saveHealth, systemNamed } from '../systems/store.ts';

export const pollRunner = command(
  'playbooks.pollRunner',
  { allow: 'admin' },
  async (ctx: Ctx, { system, runner }: { system: string; runner: string }): Promise<RunnerJobRow | null> => {
    const row = await systemNamed(ctx.db, system);
    if (row?.kind !== 'runner') throw notFound('Runner system', system);
    const job = await takeJob(ctx, row.id, runner);
    // A poll without a job is a sign of life and nothing else.
    if (!job) ctx.audit.skip = true;
    if (job || row.healthy !== true || !row.checkedAt || ctx.now.getTime() - row.checkedAt.getTime() > 60_000)
      await saveHealth(ctx, row.id, { ok: true, detail: `${runner} asks for work` });
    ctx.audit.subject = job?.id ?? row.id;
    ctx.audit.after = { runner, command: job?.command };
    return job ?? null;
  },
);
