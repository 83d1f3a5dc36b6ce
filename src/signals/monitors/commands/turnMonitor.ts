/** Puts together what the places of a monitor say, and calls people or tells them that it is over. */
import { emit } from '#kernel';
import { command } from '#security';
import { monitorTurned } from '../../events.ts';
import { endAlert, openAlert } from '../alert.ts';
import { type Monitor, verdictOf } from '../model.ts';
import { insertChanges, monitorById, placesOf, saveMonitorRow } from '../store.ts';

export const turnMonitor = command(
  'signals.turnMonitor',
  { allow: 'internal', subject: (input: { id: string }) => input.id },
  async (ctx, input: { id: string }): Promise<Monitor['state']> => {
    ctx.audit.skip = true;
    const monitor = await monitorById(ctx, input.id, true);
    if (!monitor.enabled) return monitor.state;
    const places = await placesOf(ctx, [monitor.id]);
    const verdict = verdictOf(monitor, places, ctx.now);
    const turned = verdict.state !== monitor.state;
    if (!turned && verdict.reason === monitor.reason) return monitor.state;
    const opens = verdict.state === 'down' && !monitor.alerting;
    const ends = verdict.state === 'up' && monitor.alerting;
    const next: Monitor = {
      ...monitor,
      state: verdict.state,
      reason: verdict.reason.slice(0, 1000),
      since: turned ? ctx.now : monitor.since,
      alerting: opens || (monitor.alerting && !ends),
    };
    await saveMonitorRow(ctx, next);
    if (!turned) return next.state;
    ctx.audit.skip = false;
    ctx.audit.before = { state: monitor.state };
    ctx.audit.after = { name: monitor.name, state: next.state, reason: next.reason };
    await insertChanges(ctx, [
      { monitorId: monitor.id, place: null, at: ctx.now, state: next.state, reason: next.reason },
    ]);
    await emit(ctx, monitorTurned, { monitorId: monitor.id, state: next.state }, { subject: monitor.id });
    if (opens) await openAlert(ctx, next, places);
    if (ends) await endAlert(ctx, next, `Monitor “${monitor.name}” is up again`);
    return next.state;
  },
);
