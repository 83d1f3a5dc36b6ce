/** Changes an objective. Counted from somewhere else, it begins anew. */
import { canonicalJson, conflict } from '#kernel';
import { command } from '#security';
import { readSlo, type SloInput } from '../input.ts';
import type { Slo } from '../model.ts';
import { countSlices, putSlo, recount, sloById } from '../store.ts';

export type UpdateSlo = Partial<SloInput> & { id: string; version?: number | undefined };

export const updateSlo = command(
  'signals.updateSlo',
  { allow: 'manager', subject: (input: UpdateSlo) => input.id },
  async (ctx, { id, version, ...given }: UpdateSlo): Promise<Slo> => {
    const before = await sloById(ctx, id, true);
    if (version !== undefined && version !== before.version)
      throw conflict(
        'Somebody else has changed this objective',
        'signals.slo_version',
        'Look at it again before you save.',
      );
    const wanted = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const after = await readSlo(ctx, { ...before, ...wanted }, before);
    const elsewhere =
      canonicalJson([after.source, after.budgeting]) !== canonicalJson([before.source, before.budgeting]);
    await putSlo(ctx, elsewhere ? { ...after, counters: null, countedTo: null } : after);
    if (elsewhere) await recount(ctx, after);
    else if (after.sliceTarget !== before.sliceTarget) await countSlices(ctx, after, new Date(0));
    const told = ({ name, target, windowDays, source, enabled }: Slo) => ({
      name,
      target,
      windowDays,
      source,
      enabled,
    });
    ctx.audit.before = told(before);
    ctx.audit.after = told(after);
    return after;
  },
);
