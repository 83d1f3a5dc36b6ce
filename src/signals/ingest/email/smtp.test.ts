/** The mail door by itself: STARTTLS with a certificate that is renewed, and mail that comes while the database is away. */
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { selfSigned } from '../../../../test/fakes/tls-front.ts';
import { connected } from '../../../../test/harness/alerts.ts';
import type { WebClient } from '../../../../test/harness/client.ts';
import { type House, openHouse } from '../../../../test/harness/house.ts';
import { until } from '../../../../test/harness/programs.ts';
import { loadModules } from '../../../app/modules.ts';
import { openDb, openPool } from '../../../kernel/db/pool.ts';
import { assemble } from '../../../kernel/house.ts';
import { sql } from '../../../kernel/index.ts';
import { saveKeys } from '../../intake/away.ts';
import { openMailDoor } from './smtp.ts';
import { keepFresh } from './tls.ts';

let house: House;
let web: WebClient;
const dir = mkdtempSync(join(tmpdir(), 'evenkeel-mail-'));
const tls = { cert: join(dir, 'cert.pem'), key: join(dir, 'key.pem') };
beforeAll(async () => {
  house = await openHouse();
  web = await house.signIn('responder');
});
afterAll(async () => {
  await house.close();
  rmSync(dir, { recursive: true, force: true });
});

const alertsOf = async (id: string) => (await web.get(`/api/v1/alerts?integrationId=${id}`)).body.items;
function certify(name: string): string {
  const made = selfSigned(name);
  writeFileSync(tls.cert, made.cert);
  writeFileSync(tls.key, made.key, { mode: 0o600 });
  return made.cert;
}
async function mail(port: number, key: string, subject: string, secure: object = { ignoreTLS: true }) {
  const transport = createTransport({ host: 'localhost', port, ...secure });
  const raw = `From: alert@vendor.com\r\nSubject: ${subject}\r\nMessage-ID: <${subject.length}@v.com>\r\n\r\nNo space left.\r\n`;
  try {
    return await transport.sendMail({ envelope: { from: 'alert@vendor.com', to: `${key}@alerts.example.com` }, raw });
  } finally {
    transport.close();
  }
}

describe('alert mail over TLS', () => {
  it('STARTTLS with the configured certificate; without it nothing is taken when TLS is asked for', async () => {
    const ca = certify('localhost');
    const door = await openMailDoor(house.core, { host: '127.0.0.1', port: 0, tls, tlsOnly: true });
    try {
      const { id, key } = await connected(house, 'email');
      await mail(door.port, key, '[CRITICAL] Over TLS', { requireTLS: true, tls: { ca, servername: 'localhost' } });
      expect(await alertsOf(id)).toMatchObject([{ title: 'Over TLS', severity: 'critical' }]);
      await expect(mail(door.port, key, 'In the clear')).rejects.toMatchObject({ responseCode: 530 });
      const stranger = selfSigned('localhost').cert;
      await expect(
        mail(door.port, key, 'Wrong', { requireTLS: true, tls: { ca: stranger, servername: 'localhost' } }),
      ).rejects.toThrow(/certificate/);
      expect(await alertsOf(id)).toHaveLength(1);
    } finally {
      await door.stop();
    }
  });

  it('a renewed certificate is used from then on, a broken one is not; paths that lead nowhere are said at the start', async () => {
    certify('localhost');
    const renewed: string[] = [];
    const fresh = keepFresh(tls, ({ cert }) => renewed.push(cert.toString()));
    try {
      fresh.look();
      expect(renewed).toEqual([]);
      const next = certify('localhost');
      utimesSync(tls.cert, 1, 1);
      fresh.look();
      expect(renewed).toEqual([next]);
      writeFileSync(tls.cert, 'not a certificate');
      fresh.look();
      expect(renewed).toHaveLength(1);
    } finally {
      fresh.stop();
    }
    await expect(
      openMailDoor(house.core, { host: '127.0.0.1', port: 0, tls: { cert: '/nowhere.pem', key: tls.key } }),
    ).rejects.toThrow(/\/nowhere\.pem.*cannot be used/);
  });
});

/** A way to the database that can be shut. */
async function openWay(): Promise<{ port: number; shut(): Promise<void>; open(): Promise<void> }> {
  const { host, port } = inject('database');
  const sockets = new Set<Socket>();
  let server: Server;
  let at = 0;
  const open = async () => {
    server = createServer((from) => {
      const to = host.startsWith('/') ? connect(join(host, `.s.PGSQL.${port}`)) : connect(port, host);
      for (const socket of [from, to]) {
        sockets.add(socket);
        socket.on('error', () => {}).on('close', () => void (from.destroy(), to.destroy(), sockets.delete(socket)));
      }
      from.pipe(to).pipe(from);
    });
    await new Promise<void>((resolve) => server.listen(at, '127.0.0.1', resolve));
    at = (server.address() as AddressInfo).port;
  };
  const shut = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  await open();
  return { port: at, shut, open };
}

describe('alert mail without a database', () => {
  it('is kept on the disk and said 250, an address not known before is told to come again, and what was kept becomes alerts', async () => {
    const { id, key } = await connected(house, 'email');
    await saveKeys(house.core);
    const way = await openWay();
    const { rows } = await sql<{ name: string }>`select current_database() name`.execute(house.core.db);
    const pool = openPool({ ...inject('database'), host: '127.0.0.1', port: way.port, database: rows[0]!.name }, 4);
    const node = assemble(await loadModules(), openDb(pool), pool);
    const door = await openMailDoor(node, { host: '127.0.0.1', port: 0 });
    try {
      await way.shut();
      expect((await mail(door.port, key, '[CRITICAL] Disk full')).response).toMatch(/^250/);
      await expect(mail(door.port, 'f'.repeat(32), 'x')).rejects.toMatchObject({ responseCode: 451 });
      expect(await alertsOf(id)).toEqual([]);
      await way.open();
      await until(
        () => alertsOf(id),
        (alerts) => alerts.length === 1,
      );
      expect(await alertsOf(id)).toMatchObject([{ title: 'Disk full', severity: 'critical', count: 1 }]);
    } finally {
      await door.stop();
      for (const done of node.background) await done();
      await node.db.destroy();
      await way.shut();
    }
  });
});
