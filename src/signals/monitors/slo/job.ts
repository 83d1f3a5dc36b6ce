/** Once a minute: objectives counted by queries are asked, and every objective's burn is compared with its rules. */
import { addMs, type Ctx, defineJob } from '#kernel';
import { z } from 'zod';
import { fill } from '../family.ts';
import { spanOf } from '../model.ts';
import { askPrometheus } from '../promql/ask.ts';
import { countSlo, type CountSlo } from './commands/countSlo.ts';
import { turnSlo } from './commands/turnSlo.ts';
import { sinceCounters, type Slo, type SloSource } from './model.ts';
import { listSlos, openSloSecrets } from './store.ts';

export const watchSlos = defineJob(
  'signals.watchSlos',
  z.object({}),
  async (ctx) => {
    const slos = (await listSlos(ctx)).filter((slo) => slo.enabled);
    await Promise.all(slos.map((slo) => count(ctx, slo)));
    for (const slo of slos) await turnSlo(ctx, { id: slo.id });
  },
  { every: 60_000 },
);

/** One query's one number; a query without a series counts nothing. */
async function ask(
  slo: Slo,
  source: Extract<SloSource, { kind: 'prometheus' }>,
  query: string,
  at: Date,
): Promise<number | string> {
  const answer = await askPrometheus({
    url: source.url,
    query,
    authorization: fill(source.authorization, openSloSecrets(slo)),
    ca: '',
    timeoutMs: 10_000,
    at: at.getTime() / 1000,
  });
  if ('error' in answer) return answer.error;
  const numbers = answer.series.map((series) => series.value).filter((value) => !Number.isNaN(value));
  if (numbers.length > 1) return `the query gives ${numbers.length} series; sum them up`;
  return numbers[0] ?? 'the query gives no number';
}

/** Asks for the minute that has just ended. */
async function count(ctx: Ctx, slo: Slo): Promise<void> {
  const { source } = slo;
  if (source.kind !== 'prometheus') return;
  const end = spanOf(ctx.now, 60);
  const minute = addMs(end, -60_000);
  if (slo.countedTo && slo.countedTo >= minute) return;
  const base = {
    id: slo.id,
    version: slo.version,
    minute,
    counters: null,
    count: null,
    trouble: '',
  } satisfies CountSlo;
  const [part, total] = await Promise.all([
    ask(slo, source, source.good || source.bad, end),
    ask(slo, source, source.total, end),
  ]);
  if (typeof part === 'string' || typeof total === 'string')
    return await countSlo(ctx, { ...base, trouble: typeof part === 'string' ? part : String(total) });
  const counters = { part, total, at: end.getTime() };
  const found = source.counter ? sinceCounters(slo.counters, counters) : { part, total };
  const good = found && (source.good ? found.part : found.total - found.part);
  await countSlo(ctx, {
    ...base,
    counters: source.counter ? counters : null,
    count: found && good !== undefined ? { good: Math.min(found.total, Math.max(0, good)), total: found.total } : null,
  });
}
