/** Takes in one minute's count of an objective that is counted by queries, or why there is none. */
import { command } from '#security';
import type { Counters } from '../model.ts';
import { addCount, noteCounting, sloById } from '../store.ts';

export interface CountSlo {
  id: string;
  /** The source it was asked of; another one by now makes the answer void. */
  version: number;
  minute: Date;
  count: { good: number; total: number } | null;
  counters: Counters | null;
  trouble: string;
}

export const countSlo = command('signals.countSlo', { allow: 'internal' }, async (ctx, input: CountSlo) => {
  ctx.audit.skip = true;
  const slo = await sloById(ctx, input.id, true);
  if (slo.version !== input.version || (slo.countedTo && slo.countedTo >= input.minute)) return;
  if (input.count) await addCount(ctx, slo, input.minute, input.count.good, input.count.total);
  await noteCounting(ctx, slo.id, {
    trouble: input.trouble,
    countedTo: input.minute,
    ...(input.trouble ? {} : { counters: input.counters }),
  });
});
