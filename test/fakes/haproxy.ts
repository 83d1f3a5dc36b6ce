/** A real HAProxy with real backends, as an operator would run it: health checks, a runtime socket, a front door. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, serversOf } from '../../src/playbooks/actions/haproxy/wire.ts';

/** Where Debian puts it. */
export const HAPROXY = '/usr/sbin/haproxy';
export const haproxyMissing = (): string | null =>
  existsSync(HAPROXY) ? null : 'HAProxy is not installed (Debian: haproxy)';

export interface Backend {
  name: string;
  port: number;
  /** Answers its health check and customers with 503 while true. */
  sick: boolean;
  /** Customers served, without health checks. */
  served: number;
  close(): Promise<void>;
}
export interface Edge {
  /** `tcp://127.0.0.1:…` of the runtime API. */
  admin: string;
  /** The front door. */
  url: string;
  backends: Backend[];
  /** Waits until HAProxy sees a server so, by its own health check. */
  sees(name: string, status: RegExp): Promise<void>;
  /** Sends customers through the front door and counts who answered, and with what. */
  customers(n: number): Promise<{ by: Record<string, number>; failed: number }>;
  close(): Promise<void>;
}

export async function openBackend(name: string): Promise<Backend> {
  const backend: Backend = { name, port: 0, sick: false, served: 0, close: async () => {} };
  const server: Server = createServer((request, response) => {
    if (request.url !== '/healthz' && !backend.sick) backend.served += 1;
    response.writeHead(backend.sick ? 503 : 200, {
      'content-type': 'text/plain',
      'x-server': name,
      connection: 'close',
    });
    response.end(backend.sick ? 'sick' : name);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  backend.port = (server.address() as AddressInfo).port;
  backend.close = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return backend;
}

async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts it with `n` backends of at most 100 sessions each. */
export async function openEdge(n = 3): Promise<Edge> {
  const backends = await Promise.all(Array.from({ length: n }, (_, index) => openBackend(`web${index + 1}`)));
  const dir = mkdtempSync(join(tmpdir(), 'evenkeel-haproxy-'));
  const [door, admin] = [await freePort(), await freePort()];
  const servers = backends.map(
    (one) => `  server ${one.name} 127.0.0.1:${one.port} check inter 100ms fall 2 rise 2 weight 100 maxconn 100`,
  );
  writeFileSync(
    join(dir, 'haproxy.cfg'),
    `global
  stats socket ipv4@127.0.0.1:${admin} level admin
defaults
  mode http
  timeout connect 2s
  timeout client 5s
  timeout server 5s
frontend door
  bind 127.0.0.1:${door}
  default_backend shop
backend shop
  balance roundrobin
  option httpchk GET /healthz
${servers.join('\n')}
`,
  );
  const child: ChildProcess = spawn(HAPROXY, ['-db', '-f', join(dir, 'haproxy.cfg')], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr?.on('data', (part) => (said += part));
  const place = `tcp://127.0.0.1:${admin}`;
  const stat = async () => serversOf(await ask({} as never, place, 'show stat'));
  const sees: Edge['sees'] = async (name, status) => {
    for (let i = 0; i < 400; i++) {
      const found = (await stat().catch(() => [])).find((one) => one.name === name);
      if (found && status.test(found.status)) return;
      if (child.exitCode !== null) throw new Error(`HAProxy ended: ${said}`);
      await sleep(25);
    }
    throw new Error(`HAProxy never saw ${name} as ${status}: ${JSON.stringify(await stat())}`);
  };
  for (const one of backends) await sees(one.name, /^UP/);
  return {
    admin: place,
    url: `http://127.0.0.1:${door}`,
    backends,
    sees,
    customers: async (count) => {
      const by: Record<string, number> = {};
      let failed = 0;
      for (let i = 0; i < count; i++) {
        const answer = await fetch(`http://127.0.0.1:${door}/`, { headers: { connection: 'close' } });
        await answer.text();
        if (!answer.ok) failed += 1;
        const name = answer.headers.get('x-server') ?? '?';
        by[name] = (by[name] ?? 0) + 1;
      }
      return { by, failed };
    },
    close: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      await Promise.all(backends.map((one) => one.close()));
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
