/** The embedded database: real PostgreSQL, on a private socket, that lives and dies with this process. */
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../errors.ts';
import { type Account, serverAccount } from './embedded/account.ts';
import { type Binaries, findBinaries } from './embedded/binaries.ts';
import { type Claim, claim, sweepSockets } from './embedded/claim.ts';
import { ensureCluster, NAME } from './embedded/cluster.ts';
import { type Guarded, startGuarded } from './embedded/guard.ts';
import { clearSockets, handleFor, PORT, prepareDataDir, prepareSocketDir, socketPlaces } from './embedded/places.ts';
import { endLeftOver, readPidFile, stopServer } from './embedded/postmaster.ts';
import { type Settings, settingsFor } from './embedded/settings.ts';

export { type Attached, attachEmbedded, hasEmbedded } from './embedded/attach.ts';

/** The part of a pino logger that is used here. */
export interface EmbeddedLog {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface EmbeddedOptions {
  /** A directory of its own; holds `cluster/`, `password` and `run/`. */
  dataDir: string;
  /** PostgreSQL settings that replace ours; `fsync: 'off'` is for throw-away databases only. */
  settings?: Settings;
  log?: EmbeddedLog;
  /** Called when the server died again and again and will not be restarted any more. */
  onLost?(error: Error): void;
}

export interface Embedded {
  connection: { host: string; port: number; user: string; password: string; database: string };
  /** True when a server without an owner was found, stopped cleanly and started anew. */
  adopted: boolean;
  /** Of the server now running. */
  readonly pid: number;
  /** Tells the next start that we are on our way out, so that it waits instead of refusing. */
  leaving(): void;
  /** Fast shutdown: cuts open connections, writes a checkpoint, gives the data directory free. */
  stop(): Promise<void>;
}

const MAX_RESTARTS_PER_MINUTE = 5;
const FAREWELL_MS = 30;
const silent: EmbeddedLog = { debug() {}, info() {}, warn() {}, error() {} };

interface Site {
  cluster: string;
  socketDir: string;
  account: Account | undefined;
  binaries: Binaries;
  settings: Settings;
  log: EmbeddedLog;
}

/** Claims the first place that can hold our sockets: some file systems (mounted shares) cannot. */
async function claimPlace(
  dataDir: string,
  account: Account | undefined,
): Promise<{ socketDir: string; claimed: Claim }> {
  const places = socketPlaces(dataDir, account);
  for (const socketDir of places) {
    if (!prepareSocketDir(socketDir, account)) continue;
    try {
      const claimed = await claim(socketDir, dataDir);
      if (!socketDir.startsWith(dataDir)) await sweepSockets(dirname(socketDir));
      return { socketDir, claimed };
    } catch (error) {
      if (error instanceof Problem) throw error;
    }
  }
  throw new Problem(500, 'There is no place for the database’s socket', {
    rule: 'database.socket',
    detail: `Tried ${places.join(', ')}: each must be a private directory on a local file system. Set TMPDIR to one with a short path.`,
  });
}

function report(log: EmbeddedLog, line: string): void {
  // A connection cut by a shutdown is no news; whoever held it reports it.
  if (/due to administrator command/.test(line)) log.debug({ postgres: line }, 'the database reports');
  else if (/^PANIC/.test(line)) log.error({ postgres: line }, 'the database panicked');
  else if (/^FATAL|terminated by signal|corrupt|invalid page/.test(line))
    log.warn({ postgres: line }, 'the database reports');
  else log.debug({ postgres: line }, 'the database reports');
}

async function untilReady(site: Site, server: Guarded): Promise<void> {
  let ended = false;
  void server.gone.then(() => {
    ended = true;
  });
  for (let waited = 0; ; waited += 10) {
    const file = readPidFile(site.cluster);
    if (file?.pid === server.pid && file.status === 'ready') return;
    if (ended)
      throw new Problem(500, 'The embedded database did not start', {
        rule: 'database.start',
        detail: server.tail().join('\n') || 'It said nothing.',
      });
    if (waited > 0 && waited % 10_000 === 0)
      site.log.info(
        { status: file?.status },
        'still waiting for the database (recovery after a crash can take a while)',
      );
    await sleep(10);
  }
}

async function startServer(site: Site): Promise<Guarded> {
  const { cluster, socketDir, account, binaries, settings, log } = site;
  const handle = handleFor(cluster, account);
  try {
    const command = [join(binaries.bin, 'postgres'), '-D', handle.path, '-p', String(PORT)];
    for (const [name, value] of Object.entries(settingsFor(socketDir, settings)))
      command.push('-c', `${name}=${value}`);
    const server = await startGuarded({ command, account, fd: handle.fd, line: (line) => report(log, line) });
    await untilReady(site, server);
    server.letGo();
    return server;
  } finally {
    handle.close();
  }
}

/** A server that was killed leaves children for a moment, and they hold its shared memory: try again for a while. */
async function startPatiently(site: Site): Promise<Guarded> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startServer(site);
    } catch (error) {
      const held = error instanceof Problem && /shared memory block|postmaster\.pid/.test(error.detail ?? '');
      if (!held || attempt >= 10) throw error;
      await sleep(300);
    }
  }
}

/** Starts the server again when it dies without being asked to, but not for ever. */
function supervise(site: Site, first: Guarded, onLost: (error: Error) => void) {
  let current = first;
  let stopping = false;
  let restarts: number[] = [];
  const watch = (server: Guarded) =>
    void server.gone.then(async (code) => {
      if (stopping) return;
      const now = performance.now();
      restarts = [...restarts.filter((at) => now - at < 60_000), now];
      site.log.error({ code, last: server.tail().slice(-5) }, 'the database server died; starting it again');
      try {
        if (restarts.length > MAX_RESTARTS_PER_MINUTE)
          throw new Error(`The database server died ${restarts.length} times within a minute.`);
        await sleep(200);
        if (stopping) return;
        current = await startPatiently(site);
        watch(current);
      } catch (error) {
        if (!stopping) onLost(error as Error);
      }
    });
  watch(first);
  return {
    pid: () => current.pid,
    stop: async () => {
      stopping = true;
      // A pool that has just ended has said goodbye, but the server may not have heard it yet.
      await sleep(FAREWELL_MS);
      await stopServer(site.cluster, current.pid);
      await current.gone;
    },
  };
}

/**
 * Starts PostgreSQL in `dataDir`, making the cluster at the first start. Runs the server as an unprivileged account when
 * we are root. Throws a Problem (rule `database.*`) that says what to do, among them `database.in_use` when another
 * live process holds the directory.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const dataDir = prepareDataDir(options.dataDir);
  const cluster = join(dataDir, 'cluster');
  const account = serverAccount(cluster);
  const { socketDir, claimed } = await claimPlace(dataDir, account);
  const giveBack = async () => {
    await claimed.release();
    rmSync(socketDir, { recursive: true, force: true });
  };
  try {
    const binaries = findBinaries(account);
    const settings = options.settings ?? {};
    const adopted = await endLeftOver(cluster);
    clearSockets(socketDir);
    const password = await ensureCluster({
      dataDir,
      cluster,
      socketDir,
      account,
      binaries,
      sync: settings.fsync !== 'off',
    });
    const site: Site = { cluster, socketDir, account, binaries, settings, log: options.log ?? silent };
    const lost = (error: Error) =>
      options.onLost ? options.onLost(error) : site.log.error({ error: error.message }, 'the database is lost');
    const server = supervise(site, await startPatiently(site), lost);
    let stopped: Promise<void> | undefined;
    return {
      connection: { host: socketDir, port: PORT, user: NAME, password, database: NAME },
      adopted,
      get pid() {
        return server.pid();
      },
      leaving: claimed.leaving,
      stop: () => {
        stopped ??= server.stop().finally(giveBack);
        return stopped;
      },
    };
  } catch (error) {
    await giveBack();
    throw error;
  }
}
