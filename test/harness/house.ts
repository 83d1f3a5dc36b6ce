/** A whole product for one test file: its own database, a listening server, a movable clock, real receivers of mail and webhooks. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import { loadModules } from '../../src/app/modules.ts';
import { openServer } from '../../src/app/server.ts';
import { config } from '../../src/kernel/config.ts';
import { resetKey } from '../../src/kernel/crypto.ts';
import { openDb, openPool } from '../../src/kernel/db/pool.ts';
import { assemble, type House as AssembledHouse } from '../../src/kernel/house.ts';
import { type Ctx, parseDuration, settingByKey, writeSetting } from '../../src/kernel/index.ts';
import { runDueJobs } from '../../src/kernel/jobs.ts';
import { openSession, userActor } from '../../src/security/index.ts';
import { openSink, type Sink } from '../fakes/sink.ts';
import { openSmtp, type SmtpSink } from '../fakes/smtp.ts';
import { advanceClock } from './clock.ts';
import { client, type WebClient } from './client.ts';
import { TEMPLATE, type TestRole } from './database.ts';

export interface House {
  /** Base URL of the listening product, no trailing slash. */
  url: string;
  core: AssembledHouse;
  /** A context of a real person of that role, or of the system. */
  ctx(role: TestRole | 'system', options?: { exercise?: boolean }): Promise<Ctx>;
  userId(role: TestRole): Promise<string>;
  /** A signed-in browser's way in. */
  signIn(role: TestRole): Promise<WebClient>;
  /** The session cookie's value, for a real browser. */
  sessionToken(role: TestRole): Promise<string>;
  anonymous: WebClient;
  /** Moves the clock; jobs that fall due on the way run at their time, in order. `5m`, `36h`, `7d`. */
  advance(duration: string): Promise<void>;
  /** Runs everything that is due now. */
  settle(): Promise<void>;
  smtp: SmtpSink;
  sink: Sink;
  /** Jobs that failed; `close` fails the file when one was not expected. */
  jobErrors: { job: string; error: unknown }[];
  /** The failures so far were meant. */
  expectJobErrors(): void;
  close(): Promise<void>;
}

/** Opens a product on a clone of the template (35–90 ms for the clone). */
export async function openHouse(): Promise<House> {
  const database = `evenkeel_${process.pid}_${Math.random().toString(36).slice(2, 10)}`;
  const connection = { ...inject('database'), database };
  const admin = new pg.Client(inject('database'));
  await admin.connect();
  await admin.query(`create database ${database} template ${TEMPLATE}`);
  await admin.end();
  const dataDir = mkdtempSync(join(tmpdir(), 'evenkeel-house-'));
  Object.assign(config, { dataDir, egressAllow: ['127.0.0.1:*', 'localhost:*'], logLevel: 'silent' });
  resetKey();

  const pool = openPool(connection, 8);
  const core = assemble(await loadModules(), openDb(pool), pool);
  const jobErrors: House['jobErrors'] = [];
  core.onJobError = (job, error) => void jobErrors.push({ job, error });
  core.checkAnswers = (endpoint, output) =>
    void endpoint.response.parse(output === undefined ? undefined : JSON.parse(JSON.stringify(output)));
  const server = await openServer(core, connection);
  await server.app.listen({ port: 0, host: '127.0.0.1' });
  const address = server.app.server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  config.publicUrl = url;
  config.port = typeof address === 'object' && address ? address.port : config.port;
  const [smtp, sink] = await Promise.all([openSmtp(), openSink()]);
  await configureMail(core, smtp);
  for (const module of core.modules) await module.onStart?.(core);

  const find = async (role: TestRole) =>
    core.db
      .selectFrom('security.users')
      .selectAll()
      .where('email', '=', `${role}@orchardline.example`)
      .executeTakeFirstOrThrow();
  const actor = async (role: TestRole | 'system') =>
    role === 'system' ? core.system('test') : userActor(await find(role));
  const sessionToken = async (role: TestRole) =>
    (await openSession(await core.ctx(core.system('test')), (await find(role)).id)).token;
  return {
    url,
    core,
    ctx: async (role, options) => core.ctx(await actor(role), options),
    userId: async (role) => (await find(role)).id,
    sessionToken,
    signIn: async (role) => client(url, { cookie: `evenkeel=${await sessionToken(role)}`, 'x-evenkeel': '1' }),
    anonymous: client(url, {}),
    advance: async (duration) => {
      const ms = parseDuration(duration);
      if (ms === undefined) throw new Error(`“${duration}” is not a duration`);
      await advanceClock(core, ms);
    },
    settle: async () => {
      for (const done of core.background) await done();
      await runDueJobs(core);
    },
    smtp,
    sink,
    jobErrors,
    expectJobErrors: () => void jobErrors.splice(0),
    close: async () => {
      await server.close();
      for (const done of core.background) await done();
      await Promise.all([smtp.close(), sink.close()]);
      await core.db.destroy();
      const last = new pg.Client(inject('database'));
      await last.connect();
      await last.query(`drop database if exists ${database} with (force)`);
      await last.end();
      rmSync(dataDir, { recursive: true, force: true });
      if (jobErrors.length > 0)
        throw new Error(
          `Jobs failed: ${jobErrors.map(({ job, error }) => `${job}: ${(error as Error).message}`).join('; ')}`,
        );
    },
  };
}

async function configureMail(core: AssembledHouse, smtp: SmtpSink): Promise<void> {
  const setting = settingByKey('channels.smtp');
  if (!setting) return;
  const ctx = await core.ctx(core.system('test'));
  await writeSetting(ctx, setting, {
    host: smtp.host,
    port: smtp.port,
    secure: false,
    from: 'Evenkeel <evenkeel@orchardline.example>',
  });
}
