/** A runner says how its job ended. Said once; a second answer changes nothing. */
import type { Ctx } from '#kernel';
import { command } from '#security';
import { finishJob } from '../actions/runner/store.ts';

export interface FinishRunnerInput {
  jobId: string;
  state: 'done' | 'failed' | 'refused';
  output: string;
  exitCode: number | null;
}

export const finishRunner = command(
  'playbooks.finishRunner',
  { allow: 'admin', subject: ({ jobId }: FinishRunnerInput) => jobId },
  async (ctx: Ctx, { jobId, ...change }: FinishRunnerInput): Promise<{ taken: boolean }> => {
    const row = await finishJob(ctx, jobId, change);
    ctx.audit.after = { state: change.state, exitCode: change.exitCode };
    return { taken: row !== undefined };
  },
);
