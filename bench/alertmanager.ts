/** The peer of `ingest`: Debian's Alertmanager, in memory, with a receiver that is told nothing. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Where it is: `ALERTMANAGER`, or as Debian installs it. Undefined when it is not on this machine. */
export function findAlertmanager(): string | undefined {
  const places = [process.env.ALERTMANAGER, '/usr/bin/prometheus-alertmanager', '/usr/local/bin/alertmanager'];
  return places.find((path) => path && existsSync(path));
}

export const versionOf = (path: string): string =>
  /version ([\w.+~-]+)/.exec(spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout)?.[1] ?? 'unknown';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts one on a directory of its own. Throws with its last words when it does not come up. */
export async function startAlertmanager(path: string, dir: string): Promise<{ port: number; stop(): Promise<void> }> {
  const config = join(dir, 'alertmanager.yml');
  writeFileSync(config, 'route: { receiver: none, group_by: [alertname] }\nreceivers: [{ name: none }]\n');
  const port = await freePort();
  const child: ChildProcess = spawn(
    path,
    [
      `--config.file=${config}`,
      `--storage.path=${join(dir, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
      '--log.level=error',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let words = '';
  child.stderr?.on('data', (part) => (words = (words + part).slice(-1000)));
  const exited = new Promise((resolve) => child.once('exit', resolve));
  for (let i = 0; i < 100; i++) {
    const ready = await fetch(`http://127.0.0.1:${port}/-/ready`).catch(() => undefined);
    if (ready?.ok) {
      const stop = async () => {
        child.kill('SIGKILL');
        await exited;
      };
      return { port, stop };
    }
    await sleep(100);
  }
  child.kill('SIGKILL');
  throw new Error(`Alertmanager did not come up: ${words}`);
}
