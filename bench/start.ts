/** How fast the product starts again, and how much memory it and its database take at rest. Promised: 2 s and 300 MB. */
import { setTimeout as sleep } from 'node:timers/promises';
import { pssMb, tree } from '../test/faults/product.ts';
import { databasePid, report, scratch, spread, startProduct } from './lib.ts';

const LIMIT_MS = 2000;
const LIMIT_MB = 300;
const STARTS = 7;
const REST_MS = 8000;

const place = scratch();
try {
  const first = await startProduct(place.dir);
  const firstMs = Math.round(first.readyMs);
  await first.stop();
  const times: number[] = [];
  let memory = { product: 0, database: 0 };
  for (let i = 0; i < STARTS; i++) {
    const product = await startProduct(place.dir);
    times.push(product.readyMs);
    if (i === STARTS - 1) {
      await sleep(REST_MS);
      const own = tree(product.pid).reduce((sum, item) => sum + pssMb(item.pid), 0);
      const server = databasePid(place.dir);
      const inside = tree(product.pid).some((item) => item.pid === server);
      const database = tree(server).reduce((sum, item) => sum + pssMb(item.pid), 0);
      memory = { product: Math.round(inside ? own - database : own), database: Math.round(database) };
    }
    await product.stop();
  }
  const start = spread(times);
  const restMb = memory.product + memory.database;
  report({
    bench: 'start',
    ours: { firstStartMs: firstMs, secondStartMs: start, restMb, ...memory },
    peer: { limitSecondStartMs: LIMIT_MS, limitRestMb: LIMIT_MB },
    ratio: Math.max(start.p50 / LIMIT_MS, restMb / LIMIT_MB),
    pass: start.p50 < LIMIT_MS && restMb < LIMIT_MB,
  });
} finally {
  place.remove();
}
