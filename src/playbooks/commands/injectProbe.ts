/** A drill sets what a probe of its run reads, or lets it read again. Real runs refuse. */
import { type Ctx, conflict, notFound } from '#kernel';
import { command } from '#security';
import { forgetInjected, keepSample } from '../probes/store.ts';
import { runById } from '../store.ts';

export interface InjectProbeInput {
  runId: string;
  probeId: string;
  /** `undefined` ends the injection. */
  value?: unknown;
}

export const injectProbe = command(
  'playbooks.injectProbe',
  { allow: 'internal', subject: ({ runId }: InjectProbeInput) => runId },
  async (ctx: Ctx, { runId, probeId, value }: InjectProbeInput): Promise<void> => {
    const run = await runById(ctx.db, runId);
    if (!run) throw notFound('Run', runId);
    if (!run.exercise) throw conflict('Values are only injected into exercises', 'playbooks.probe.exercise');
    ctx.audit.after = { probeId, value };
    await forgetInjected(ctx, runId, probeId);
    if (value !== undefined)
      await keepSample(ctx, {
        runId,
        probeId,
        ok: true,
        value,
        error: null,
        injected: true,
        exercise: true,
      });
  },
);
