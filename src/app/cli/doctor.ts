/** `evenkeel doctor`: looks at the installation and says what to mend. It changes nothing and may run beside the product. */
import { config } from '#kernel';
import { sql } from 'kysely';
import { hasEmbedded } from '../../kernel/db/embedded.ts';
import { measureClockOffset } from '../../kernel/db/offset.ts';
import { type Ground, knownMigrations, openGround } from '../serve.ts';
import {
  type Check,
  databaseDir,
  dataDirectory,
  diskSpace,
  keyFile,
  nodeVersion,
  portFree,
  timeZones,
} from './checks.ts';
import { say, sayJson } from './say.ts';
import { applyAddress } from './serve.ts';

/** What the product's SQL needs. */
const LEAST_POSTGRES = 16;
/** Timers and signatures tolerate more, but a clock this far off is broken. */
const MOST_OFFSET_MS = 2_000;

async function version({ house }: Ground): Promise<Check> {
  const { rows } = await sql<{
    number: string;
    name: string;
  }>`select current_setting('server_version_num') as number, current_setting('server_version') as name`.execute(
    house.db,
  );
  const whose = config.databaseUrl ? 'at DATABASE_URL' : 'embedded';
  const text = `PostgreSQL ${rows[0]?.name}, ${whose}`;
  if (Number(rows[0]?.number) >= LEAST_POSTGRES * 10_000) return { name: 'database', state: 'ok', text };
  return { name: 'database', state: 'fail', text, hint: `Evenkeel needs PostgreSQL ${LEAST_POSTGRES} or newer.` };
}

async function schema({ house }: Ground): Promise<Check> {
  const { rows: there } = await sql<{
    there: boolean;
  }>`select to_regclass('kernel.migrations') is not null as there`.execute(house.db);
  if (!there[0]?.there) return { name: 'schema', state: 'note', text: 'empty; it is made at the first start' };
  const { rows } = await sql<{ name: string }>`select name from kernel.migrations order by name`.execute(house.db);
  const applied = new Set(rows.map((row) => row.name));
  const known = knownMigrations();
  const newer = [...applied].filter((name) => !known.includes(name));
  if (newer.length > 0)
    return {
      name: 'schema',
      state: 'fail',
      text: `the database is newer than this version (${newer[0]})`,
      hint: 'Start the version that wrote it: migrations only go forward.',
    };
  const waiting = known.filter((name) => !applied.has(name)).length;
  return {
    name: 'schema',
    state: waiting ? 'note' : 'ok',
    text: waiting ? `${waiting} migrations wait for the next start` : `${applied.size} migrations, none waiting`,
  };
}

async function clock({ house }: Ground): Promise<Check> {
  const { ms, uncertainMs } = await measureClockOffset(house.db);
  const text = `database and process are ${Math.abs(ms)} ms apart (± ${uncertainMs} ms)`;
  return Math.abs(ms) <= MOST_OFFSET_MS
    ? { name: 'clocks', state: 'ok', text }
    : { name: 'clocks', state: 'fail', text, hint: 'Let both machines follow NTP.' };
}

async function database(): Promise<Check[]> {
  if (!config.databaseUrl && !hasEmbedded(databaseDir()))
    return [{ name: 'database', state: 'note', text: 'the embedded one is made at the first start' }];
  let ground: Ground | undefined;
  try {
    ground = await openGround({ migrate: false, attach: true });
    return [await version(ground), await schema(ground), await clock(ground)];
  } catch (error) {
    const { message, detail } = error as Error & { detail?: string };
    return [
      {
        name: 'database',
        state: 'fail',
        text: message,
        hint:
          detail ??
          (config.databaseUrl
            ? 'Look at DATABASE_URL, the server and the network between.'
            : 'Look at the log of the last start.'),
      },
    ];
  } finally {
    await ground?.close();
  }
}

/** Prints one line per check; exits 1 when one fails. */
export async function doctorCommand(options: { json?: boolean; port?: number; host?: string }): Promise<void> {
  applyAddress(options);
  const checks = [
    nodeVersion(),
    timeZones(),
    dataDirectory(),
    keyFile(),
    diskSpace(),
    await portFree(),
    ...(await database()),
  ];
  const ok = checks.every((item) => item.state !== 'fail');
  if (!ok) process.exitCode = 1;
  if (options.json) return sayJson({ ok, checks });
  for (const { name, state, text, hint } of checks) {
    say(`${state === 'fail' ? 'FAIL' : state.padEnd(4)}  ${name.padEnd(15)} ${text}`);
    if (hint && state !== 'ok') say(`      ${' '.repeat(15)} ${hint}`);
  }
  say(ok ? '\nNothing to mend.' : '\nSomething has to be mended, see FAIL above.');
}
