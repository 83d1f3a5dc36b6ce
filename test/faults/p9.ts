/**
 * P9: an update can be published with the main system dead.
 *
 * The database is stopped and the node killed. A key holder publishes a notice with the command line, in turn to the page of
 * its own by HTTP and into the folder of the dead product. It must be readable within 30 s. Then the system comes back: each
 * notice must stand in the audit chain as break-glass, once, and the chain must verify. Quick: 3 rounds; full: 20.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openCompany } from './rig/company.ts';
import { openRig } from './rig/processes.ts';
import { type Experiment, load, percentile } from './rig/report.ts';

const root = join(import.meta.dirname, '../..');

async function command(args: string[], env: Record<string, string>): Promise<{ code: number; text: string }> {
  const child = spawn(process.execPath, [join(root, 'src/app/cli.ts'), ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (text += part));
  const [code] = (await once(child, 'exit')) as [number];
  return { code, text };
}

async function within(ms: number, ask: () => Promise<boolean>): Promise<number | undefined> {
  const from = performance.now();
  while (performance.now() - from < ms) {
    if (await ask().catch(() => false)) return performance.now() - from;
    await sleep(100);
  }
  return undefined;
}

export const p9: Experiment = async ({ tier }, size) => {
  const rounds = size ?? (tier === 'full' ? 20 : 3);
  const rig = await openRig();
  try {
    const sink = await rig.sink({});
    let node = await rig.node('one');
    const company = await openCompany(node, sink, 0);
    const { privateKey } = await company.ask('post', '/api/v1/status-page/emergency/keys', { name: 'The safe' });
    const keyFile = join(rig.dir, 'emergency.pem');
    writeFileSync(keyFile, privateKey, { mode: 0o600 });
    const edge = await rig.edge('edge', ['--from', node.url, '--every', '500ms', '--dir', join(rig.dir, 'copy')]);
    const folder = join(rig.dir, 'one', 'status');
    const known = async () =>
      (await (await fetch(`${node.url}/status/site/emergency/keys.json`)).text()).includes('The safe');
    await within(20_000, known);
    await within(20_000, async () => (await fetch(`${edge.url}/status`)).status === 200);
    await sleep(1500);
    const port = new URL(node.url).port;
    const visible: number[] = [];
    const ids: string[] = [];
    let refused = 0;
    for (let round = 0; round < rounds; round++) {
      await rig.stopDatabase();
      node.kill('SIGKILL');
      await node.ended;
      const words = `Sign-in does not work, number ${round}`;
      const where = round % 2 === 0 ? ['--to', edge.url] : ['--dir', folder];
      const from = performance.now();
      const said = await command(
        ['status', 'say', '--key-file', keyFile, '--headline', words, '--next-update', '30m', '--json', ...where],
        { EVENKEEL_DATA: join(rig.dir, 'nowhere'), DATABASE_URL: '' },
      );
      if (said.code !== 0) {
        refused += 1;
        console.error(said.text);
      } else ids.push((JSON.parse(said.text.trim().split('\n').at(-1) ?? '{}') as { id: string }).id);
      if (round % 2 === 0) {
        const seen = await within(30_000, async () =>
          (await (await fetch(`${edge.url}/status`)).text()).includes(words),
        );
        if (seen !== undefined) visible.push(performance.now() - from);
      }
      await rig.startDatabase();
      node = await rig.node('one', { PORT: port });
      if (round % 2 === 1) {
        // Into the folder of the dead product: readable as soon as anything serves that folder.
        const seen = await within(30_000, async () =>
          (await (await fetch(`${node.url}/status`)).text()).includes(words),
        );
        if (seen !== undefined) visible.push(seen);
      }
    }
    const audited = async () => {
      const { items } = (await company.get('/api/v1/audit?limit=200')) as {
        items: { action: string; subject: string | null; reason: string | null }[];
      };
      return ids.filter(
        (id) =>
          items.filter(
            ({ action, subject, reason }) =>
              action === 'comms.mergeNotice' && subject === id && /break-glass/.test(reason ?? ''),
          ).length === 1,
      ).length;
    };
    await within(20_000, async () => (await audited()) === rounds);
    const inChain = await audited();
    const chain = await command(['audit', 'verify', '--json'], {
      EVENKEEL_DATA: join(rig.dir, 'one'),
      DATABASE_URL: rig.databaseUrl,
    });
    return {
      promise: 'p9',
      n: rounds,
      figures: {
        refused,
        visible: visible.length,
        slowestMs: percentile(visible, 1),
        inTheRecordOnce: inChain,
        chainHolds: chain.code === 0,
        load: load(),
      },
      pass: refused === 0 && visible.length === rounds && inChain === rounds && chain.code === 0,
    };
  } finally {
    await rig.close();
  }
};
