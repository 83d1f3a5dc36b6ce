/** What the environment says. The only place that reads `process.env`. */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

export interface Config {
  /** Directory for the embedded database, the key file, rendered status pages. */
  dataDir: string;
  /** The user's own PostgreSQL, or undefined for the embedded one. */
  databaseUrl: string | undefined;
  host: string;
  port: number;
  /** Where people and mails reach this installation, without a trailing slash. */
  publicUrl: string;
  logLevel: string;
  /** `host:port` or `host:*` entries that outgoing calls may reach although they are private. */
  egressAllow: string[];
  /** `name:port` to the `address:port` that outgoing calls for it connect to: a private endpoint of a cloud, a split DNS. The certificate must still be the name's. */
  egressPins: Record<string, string>;
  /** 32 bytes, base64; overrides the key file. */
  secretKey: string | undefined;
  /** For the command line: the API token it calls with. */
  apiToken: string | undefined;
  /** Trust X-Forwarded-* only from these addresses. */
  trustedProxies: string[];
  /** Where this node looks from: nodes of one place share the work of monitors, nodes of different places each do it. */
  place: string;
  /** A Chromium for browser journeys, when it is not where systems keep theirs. */
  chromiumPath: string | undefined;
  production: boolean;
  consoleDir: string;
  /** How much of this disk posts may take while the database is away. */
  spoolBytes: number;
  /** For tests of faults only: `channels.send.after_provider_ok` or, at its third passing, `channels.send.after_provider_ok:3`. */
  failAt: string | undefined;
  /** PEM files for STARTTLS of alert mail: certificate chain and key. Both or neither. */
  mailInCert: string | undefined;
  mailInKey: string | undefined;
  /** Mail is taken only over TLS. */
  mailInTlsOnly: boolean;
  /** Where alert mail is listened for by SMTP; 0 does not listen. */
  mailInPort: number;
  mailInHost: string;
  /** Where signed heads of the record are kept outside the database: a folder, a file that only grows; better on another machine. */
  anchorDir: string | undefined;
  anchorFile: string | undefined;
}

const root = resolve(import.meta.dirname, '../..');

function placeOf(name: string): string {
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(name))
    throw new Error(`EVENKEEL_PLACE is a short name in small letters (“eu-west”), not “${name}”`);
  return name;
}

function portOf(name: string, text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new Error(`${name} must be a number from 0 to 65535, not “${text}”`);
  return port;
}

/** `sns.eu-west-1.amazonaws.com:443=10.0.3.7:443`, several by commas. */
function pinsOf(text: string): Record<string, string> {
  const pins: Record<string, string> = {};
  for (const entry of text.split(',').map((one) => one.trim())) {
    if (entry === '') continue;
    const found = /^([^\s=:]+:\d{1,5})=(\S+:\d{1,5})$/.exec(entry);
    if (!found) throw new Error(`EVENKEEL_EGRESS_PINS has entries like “name:443=10.0.3.7:443”, not “${entry}”`);
    pins[found[1]!.toLowerCase()] = found[2]!;
  }
  return pins;
}

function read(env: NodeJS.ProcessEnv): Config {
  const port = portOf('PORT', env.PORT ?? '8080');
  const host = env.HOST ?? '127.0.0.1';
  return {
    dataDir: resolve(env.EVENKEEL_DATA ?? join(root, 'data')),
    databaseUrl: env.DATABASE_URL || undefined,
    host,
    port,
    publicUrl: (env.EVENKEEL_URL ?? `http://localhost:${port}`).replace(/\/+$/, ''),
    logLevel: env.LOG_LEVEL ?? 'info',
    egressAllow: (env.EVENKEEL_EGRESS_ALLOW ?? '')
      .split(',')
      .map((s) => s.trim())
      .filter(Boolean),
    egressPins: pinsOf(env.EVENKEEL_EGRESS_PINS ?? ''),
    secretKey: env.EVENKEEL_SECRET_KEY || undefined,
    apiToken: env.EVENKEEL_TOKEN || undefined,
    trustedProxies: (env.EVENKEEL_TRUSTED_PROXIES ?? '')
      .split(',')
      .map((s) => s.trim())
      .filter(Boolean),
    place: placeOf(env.EVENKEEL_PLACE ?? 'main'),
    chromiumPath: env.CHROMIUM_PATH || undefined,
    production: env.NODE_ENV === 'production',
    consoleDir: join(root, 'dist', 'console'),
    spoolBytes: Math.max(1, Number(env.EVENKEEL_SPOOL_MB ?? 512) || 512) * 1024 * 1024,
    failAt: env.EVENKEEL_FAIL_AT || undefined,
    mailInPort: portOf('EVENKEEL_MAIL_IN_PORT', env.EVENKEEL_MAIL_IN_PORT || '0'),
    mailInCert: env.EVENKEEL_MAIL_IN_CERT || undefined,
    mailInKey: env.EVENKEEL_MAIL_IN_KEY || undefined,
    mailInTlsOnly: /^(1|true|yes|required)$/i.test(env.EVENKEEL_MAIL_IN_TLS_ONLY ?? ''),
    mailInHost: env.EVENKEEL_MAIL_IN_HOST || host,
    anchorDir: env.EVENKEEL_ANCHOR_DIR ? resolve(env.EVENKEEL_ANCHOR_DIR) : undefined,
    anchorFile: env.EVENKEEL_ANCHOR_FILE ? resolve(env.EVENKEEL_ANCHOR_FILE) : undefined,
  };
}

/** The configuration of this process. Fields may be overridden by the command line and by tests before the house opens. */
export const config: Config = read(process.env);

/** Absolute path of a file below the project's root. */
export const projectPath = (...parts: string[]) => join(root, ...parts);

/** A directory below the data directory, made (0700) when it is not there. */
export function dataPath(...parts: string[]): string {
  const path = join(config.dataDir, ...parts);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  return path;
}
