/** A process that keeps writes back says how many it holds; the client library does this by itself. */
import { type Ctx, notFound } from '#kernel';
import { command } from '#security';
import { liveModes, lockMode, putReport } from '../degraded/store.ts';
import { wakeModes } from '../degraded/timer.ts';

export interface ReportQueueInput {
  /** The flag of the mode. */
  flag: string;
  reporter: string;
  queued: number;
  drained: number;
  failed: number;
}

export const reportQueue = command(
  'playbooks.reportQueue',
  { allow: 'responder' },
  async (ctx: Ctx, { flag, ...report }: ReportQueueInput): Promise<{ state: string }> => {
    const live = (await liveModes(ctx.db)).find((one) => one.flag === flag && !one.exercise);
    if (!live) {
      if (report.queued > 0) throw notFound('Degraded mode of flag', flag);
      ctx.audit.skip = true;
      return { state: 'off' };
    }
    const row = (await lockMode(ctx.db, live.id))!;
    await putReport(ctx, { modeId: row.id, ...report });
    // Measurements, not decisions: what follows from them is in the log.
    ctx.audit.skip = true;
    if (row.state === 'exiting' || row.state === 'stuck') await wakeModes(ctx, row.id);
    return { state: row.state };
  },
);
