/** What `evenkeel doctor` looks at on this machine, without the database. Each check answers with a reason, not a yes or no. */
import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { config } from '#kernel';
import { attachEmbedded, hasEmbedded } from '../../kernel/db/embedded.ts';

export interface Check {
  name: string;
  /** `note`: worth knowing, nothing to mend. `fail`: must be mended. */
  state: 'ok' | 'note' | 'fail';
  text: string;
  /** What to do about it. */
  hint?: string;
}

const check = (name: string, state: Check['state'], text: string, hint?: string): Check => ({
  name,
  state,
  text,
  ...(hint && { hint }),
});

export const databaseDir = () => join(config.dataDir, 'postgres');

export function nodeVersion(): Check {
  const major = Number(process.versions.node.split('.')[0]);
  return major >= 24
    ? check('node', 'ok', `Node ${process.versions.node}`)
    : check(
        'node',
        'fail',
        `Node ${process.versions.node} is too old`,
        'Start with “npm start”, which uses the pinned Node, or install Node 24.',
      );
}

/** Instants are turned into wall-clock time in this process only, so only this version decides what “09:00” means. */
export const timeZones = (): Check =>
  check(
    'time zones',
    'note',
    `rules ${process.versions.tz ?? 'unknown'} of this Node; the machine’s own zone is ${new Intl.DateTimeFormat().resolvedOptions().timeZone}`,
  );

const octal = (mode: number) => `0${(mode & 0o777).toString(8)}`;

export function dataDirectory(): Check {
  const found = statSync(config.dataDir, { throwIfNoEntry: false });
  if (!found) {
    const parent = dirname(config.dataDir);
    try {
      accessSync(parent, constants.W_OK);
      return check('data directory', 'note', `${config.dataDir} is made at the first start`);
    } catch {
      return check(
        'data directory',
        'fail',
        `${config.dataDir} is not there and cannot be made`,
        `Make ${parent} writable for this user, or set EVENKEEL_DATA.`,
      );
    }
  }
  if (!found.isDirectory())
    return check(
      'data directory',
      'fail',
      `${config.dataDir} is not a directory`,
      'Move it away, or set EVENKEEL_DATA.',
    );
  try {
    accessSync(config.dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    return check(
      'data directory',
      'fail',
      `${config.dataDir} is not writable for this user`,
      'Run as the user who runs Evenkeel.',
    );
  }
  if (found.mode & 0o077)
    return check(
      'data directory',
      'fail',
      `${config.dataDir} is open to others (${octal(found.mode)})`,
      `chmod 700 "${config.dataDir}"`,
    );
  return check('data directory', 'ok', `${config.dataDir} (${octal(found.mode)})`);
}

/** Without the key nothing sealed can be read again, and signatures already sent become worthless. */
export function keyFile(): Check {
  if (config.secretKey) {
    const good = Buffer.from(config.secretKey, 'base64').length === 32;
    return good
      ? check('key', 'ok', 'from EVENKEEL_SECRET_KEY')
      : check('key', 'fail', 'EVENKEEL_SECRET_KEY is not 32 bytes in base64', 'openssl rand -base64 32');
  }
  const file = join(config.dataDir, 'secret.key');
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found && hasEmbedded(databaseDir()))
    return check(
      'key',
      'fail',
      `${file} is missing, but there is a database sealed with it`,
      'Restore the key file from your backup.',
    );
  if (!found) return check('key', 'note', `${file} is made at the first start`);
  if (found.mode & 0o077)
    return check('key', 'fail', `${file} is readable by others (${octal(found.mode)})`, `chmod 600 "${file}"`);
  return check('key', 'ok', `${file} (${octal(found.mode)})`);
}

const GB = 1024 ** 3;

export function diskSpace(): Check {
  let place = config.dataDir;
  while (!existsSync(place)) place = dirname(place);
  const { bavail, bsize } = statfsSync(place);
  const free = (bavail * bsize) / GB;
  const text = `${free.toFixed(1)} GB free for ${config.dataDir}`;
  if (free < 0.5) return check('disk', 'fail', text, 'The database stops when the disk is full. Free some space.');
  return check('disk', free < 5 ? 'note' : 'ok', text);
}

function listens(host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error));
    server.listen({ host, port }, () => server.close(() => resolve(undefined)));
  });
}

export async function portFree(): Promise<Check> {
  const place = `${config.host}:${config.port}`;
  const refused = await listens(config.host, config.port);
  if (!refused) return check('port', 'ok', `${place} is free`);
  if (refused.code !== 'EADDRINUSE')
    return check('port', 'fail', `${place} cannot be listened on (${refused.code})`, 'Choose another PORT or HOST.');
  const running = config.databaseUrl ? undefined : await attachEmbedded(databaseDir()).catch(() => undefined);
  if (running) return check('port', 'ok', `${place} is in use, and Evenkeel runs (process ${running.owner})`);
  return check('port', 'fail', `${place} is taken by another program`, 'Stop it, or choose another port with PORT.');
}
