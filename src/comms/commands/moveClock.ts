/** Brings the clock of customer updates in step with the incident: declared, moved to another phase or severity, ended. */
import { command } from '#security';
import { restartClock, stopClock, syncClock } from '../cadence/clock.ts';
import { noteDue } from '../cadence/owed.ts';
import { theIncident } from '../incident.ts';
import { requestRender } from '../statuspage/jobs.ts';

export interface MoveClockInput {
  incidentId: string;
  because: 'declared' | 'phase' | 'severity' | 'dismissed' | 'merged' | 'relapsed';
}

export const moveClock = command(
  'comms.moveClock',
  { allow: 'internal' },
  async (ctx, input: MoveClockInput): Promise<void> => {
    const incident = await theIncident(ctx, input.incidentId);
    ctx.audit.subject = incident.id;
    if (incident.phase === 'false_alarm') {
      await noteDue(ctx, incident, await stopClock(ctx, incident, 'dismissed', incident.endedReason));
      // A notice that turned out to be nothing is withdrawn in the open, not taken down.
      const shown = await ctx.db
        .updateTable('comms.incidentPages')
        .set({ withdrawnAt: ctx.now, updatedAt: ctx.now })
        .where('incidentId', '=', incident.id)
        .where('withdrawnAt', 'is', null)
        .returning('publicId')
        .execute();
      if (shown.length > 0) await requestRender(ctx);
      return;
    }
    const row = input.because === 'relapsed' ? await restartClock(ctx, incident) : await syncClock(ctx, incident);
    // What was told in public before a merge must be ended in public; what was not is told by the other incident.
    const ended = incident.phase === 'merged' && row.published === 0 && row.state === 'running';
    await noteDue(
      ctx,
      incident,
      ended ? await stopClock(ctx, incident, 'not_needed', 'merged into another incident') : row,
    );
  },
);
