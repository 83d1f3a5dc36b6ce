/** Promises something: a share of good events over a window. What its monitors saw so far counts already. */
import { command } from '#security';
import { readSlo, type SloInput } from '../input.ts';
import type { Slo } from '../model.ts';
import { putSlo, recount } from '../store.ts';

export const createSlo = command(
  'signals.createSlo',
  { allow: 'manager', subject: (_input: SloInput, result: Slo) => result.id },
  async (ctx, input: SloInput): Promise<Slo> => {
    const slo = await readSlo(ctx, input);
    await putSlo(ctx, slo);
    await recount(ctx, slo);
    ctx.audit.after = { name: slo.name, target: slo.target, windowDays: slo.windowDays, source: slo.source };
    return slo;
  },
);
