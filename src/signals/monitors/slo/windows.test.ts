/** Burn windows read from hours and the ends from minutes are the same as from every minute, at any minute of the hour. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse } from '../../../../test/harness/house.ts';
import { sql } from '../../../kernel/index.ts';
import { spanOf } from '../model.ts';
import { createSlo } from './commands/createSlo.ts';
import { BURN_WINDOWS, burnChecks, burnChecksOf, type Count, sliced, sumOf } from './model.ts';
import { countSlices, windowSums } from './store.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const source = {
  kind: 'prometheus',
  url: 'https://p.example',
  good: '',
  bad: 'b',
  total: 't',
  counter: true,
  authorization: '',
} as const;

describe.each(['occurrences', 'timeslices'] as const)('of %s', (budgeting) => {
  it('every window has the sums that a hand adds up from its minutes', async () => {
    const manager = await house.ctx('manager');
    const slo = await createSlo(manager, { name: budgeting, target: 0.99, budgeting, sliceTarget: 0.95, source });
    const ctx = await house.ctx('system');
    const end = spanOf(ctx.now, 60).getTime();
    // Four days of minutes, some without events, with bad stretches.
    const minutes: Count[] = Array.from({ length: 5760 }, (_, n) => {
      const total = n % 7 === 3 ? 0 : 40 + (n % 11);
      const bad = n % 97 < 9 ? n % 23 : 0;
      return { at: end - (5760 - n) * 60_000, good: Math.max(0, total - bad), total };
    });
    await sql`insert into signals.slo_counts (slo_id, seconds, at, good, total)
      select ${slo.id}, 60, at, good, total from jsonb_to_recordset(${JSON.stringify(minutes.map((one) => ({ ...one, at: new Date(one.at) })))}::jsonb)
        as t(at timestamptz, good float8, total float8)`.execute(ctx.db);
    if (budgeting === 'occurrences')
      await sql`insert into signals.slo_counts (slo_id, seconds, at, good, total)
        select slo_id, 3600, to_timestamp(floor(extract(epoch from at) / 3600) * 3600), sum(good), sum(total)
        from signals.slo_counts where slo_id = ${slo.id} group by 1, 3`.execute(ctx.db);
    else await countSlices(ctx, slo, new Date(0));
    const events = sliced(minutes, slo);
    // At the full hour, just before and after it, and in between.
    const hour = Math.floor(end / 3_600_000) * 3_600_000;
    for (const now of [end, hour, hour - 60_000, hour - 3_540_000, hour - 1_800_000]) {
      const known = events.filter((one) => one.at < now);
      const sums = await windowSums(ctx, slo, new Date(now));
      for (const length of BURN_WINDOWS)
        expect(sums.get(length) ?? { good: 0, total: 0 }, `${length} min at ${new Date(now).toISOString()}`).toEqual(
          sumOf(known, now, length),
        );
      const fine = (rows: ReturnType<typeof burnChecksOf>) =>
        rows.map((row) => ({ ...row, long: row.long?.toFixed(9), short: row.short?.toFixed(9) }));
      expect(fine(burnChecksOf(sums, slo.target))).toEqual(fine(burnChecks(minutes, slo, now)));
    }
  });
});
