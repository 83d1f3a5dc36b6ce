/** Puts monitors into a running installation, from inside, by the product's own command. */
import { config } from '#kernel';
import { openGround } from '../src/app/serve.ts';
import { createMonitor } from '../src/signals/index.ts';

export interface MonitorSeed {
  dataDir: string;
  count: number;
  /** The number of each is put behind it. */
  url: string;
  intervalSeconds: number;
}

/** Returns their ids, by number. */
export async function seedMonitors({ dataDir, count, url, intervalSeconds }: MonitorSeed): Promise<string[]> {
  Object.assign(config, { dataDir, egressAllow: ['127.0.0.1:*'], logLevel: 'warn' });
  const ground = await openGround({ attach: true, migrate: false });
  try {
    const ctx = await ground.house.ctx(ground.house.system('bench.seed'));
    const ids: string[] = [];
    for (let n = 0; n < count; n++) {
      const spec = { url: `${url}${n}`, assertions: [{ on: 'body', is: 'contains', value: 'well' }] };
      ids.push((await createMonitor(ctx, { name: `Bench ${n}`, kind: 'http', spec, intervalSeconds })).id);
    }
    return ids;
  } finally {
    await ground.close();
  }
}
