/** The engine goes on with a run that a person had taken over. */
import { appendTimeline } from '#incidents';
import { type Ctx, notFound } from '#kernel';
import { command } from '#security';
import { requireToken } from '../authority.ts';
import { activeOverrides } from '../overrides/store.ts';
import { advanceRun } from '../runs/advance.ts';
import { lockRun, setControl } from '../store.ts';
import { endOverride } from './endOverride.ts';

export const handBackRun = command(
  'playbooks.handBackRun',
  { allow: 'responder', subject: ({ runId }: { runId: string }) => runId },
  async (ctx: Ctx, { runId }): Promise<{ runId: string }> => {
    const run = await lockRun(ctx.db, runId);
    if (!run) throw notFound('Run', runId);
    ctx.exercise = run.exercise;
    ctx.audit.incident = run.incidentId;
    await requireToken(ctx, run.incidentId, 'approve_reversible');
    if (run.control === 'engine') return { runId };
    await setControl(ctx, runId, 'engine');
    for (const one of await activeOverrides(ctx, { runId, kind: 'take_over' }))
      await endOverride(ctx, { overrideId: one.id, why: 'handed back' });
    await appendTimeline(ctx, run.incidentId, {
      kind: 'decision',
      text: `${ctx.actor.name} handed the playbook back to the engine`,
    });
    await advanceRun(ctx, runId);
    return { runId };
  },
);
