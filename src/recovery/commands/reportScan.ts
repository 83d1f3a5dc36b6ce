/** A scanner, or a comparison of configuration, reports what it found; a failure takes back the lane's signature (M51). */
import { type Ctx, emit } from '#kernel';
import { appendTimeline, incidentById } from '#incidents';
import { command } from '#security';
import { signoffChanged } from '../events.ts';
import { insertScan, lockSignoff, saveSignoff, type ScanRow, signoffsOf, standingCourse } from '../stages/store.ts';
import { wakeCourse } from '../stages/timer.ts';

export interface ReportScanInput {
  incidentId: string;
  lane: string;
  kind: 'scan' | 'drift';
  tool: string;
  result: 'pass' | 'fail';
  summary: string;
  url?: string | undefined;
}

export const reportScan = command(
  'recovery.reportScan',
  { allow: 'responder', subject: (_input: ReportScanInput, row: ScanRow) => row.id },
  async (ctx: Ctx, input: ReportScanInput): Promise<ScanRow> => {
    const incident = await incidentById(ctx, input.incidentId);
    ctx.exercise = incident.exercise;
    ctx.audit.incident = incident.id;
    const { lane, kind, tool, result, summary } = input;
    const row = await insertScan(ctx, {
      incidentId: incident.id,
      lane,
      kind,
      tool,
      result,
      summary,
      url: input.url ?? null,
      exercise: incident.exercise,
    });
    const what = kind === 'scan' ? 'Scan' : 'Configuration drift';
    await appendTimeline(ctx, incident.id, {
      kind: 'recovery',
      text: `${what} by ${tool} for ${lane}: ${result}${summary ? `. ${summary}` : ''}`,
    });
    ctx.audit.after = { lane, kind, tool, result };
    if (result === 'fail') await reopen(ctx, incident.id, lane, `${tool} reports: ${summary || 'failed'}`);
    return row;
  },
);

async function reopen(ctx: Ctx, incidentId: string, lane: string, why: string): Promise<void> {
  const course = await standingCourse(ctx.db, incidentId);
  if (!course) return;
  for (const one of await signoffsOf(ctx.db, course.id)) {
    if (one.lane !== lane || one.state !== 'signed') continue;
    await lockSignoff(ctx.db, one.id);
    await saveSignoff(ctx, one.id, { state: 'open', reopened: why });
    await appendTimeline(ctx, incidentId, {
      kind: 'recovery',
      text: `The signature of ${lane} no longer holds: ${why}`,
    });
    await emit(
      ctx,
      signoffChanged,
      { incidentId, courseId: course.id, lane, state: 'open' },
      { subject: one.id, incident: incidentId },
    );
  }
  await wakeCourse(ctx, course.id);
}
