/** Finds a Chromium that runs here: CHROMIUM_PATH, the npm package's own binary, or one of the system's. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const require = createRequire(import.meta.url);

export interface FoundChromium {
  executablePath: string;
  /** Extra variables the binary needs: shared libraries and fonts that came with it. */
  env: Record<string, string>;
}

const systemPaths = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

let found: Promise<FoundChromium> | undefined;

/** The browser to use, looked for once per process. Throws with what to do when there is none. */
export function findChromium(): Promise<FoundChromium> {
  found ??= look();
  return found;
}

async function look(): Promise<FoundChromium> {
  const named = process.env.CHROMIUM_PATH;
  if (named) return { executablePath: named, env: {} };
  const reasons: string[] = [];
  if (process.platform === 'linux' && process.arch === 'x64') {
    try {
      return await fromPackage();
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error));
    }
  }
  const system = systemPaths.find((path) => existsSync(path));
  if (system) return { executablePath: system, env: {} };
  throw new Error(
    `No Chromium runs here. Install one and set CHROMIUM_PATH to it.${reasons.map((reason) => `\n  ${reason}`).join('')}`,
  );
}

/**
 * Unpacks the package's binary once per version and user, then checks that it starts.
 * The package itself unpacks in place and takes a half-written file for a finished one when two processes
 * start together; so a child unpacks into a directory of its own, which is then renamed into place.
 */
async function fromPackage(): Promise<FoundChromium> {
  const entry = require.resolve('@sparticuz/chromium');
  const { version } = JSON.parse(await readFile(join(packageRoot(entry), 'package.json'), 'utf8')) as {
    version: string;
  };
  const home = join(tmpdir(), `evenkeel-chromium-${version}-${userInfo().uid}`);
  const executablePath = join(home, 'chromium');
  if (!existsSync(executablePath)) await unpack(entry, home);

  const fonts: Record<string, string> = existsSync('/etc/fonts/fonts.conf')
    ? {}
    : { FONTCONFIG_PATH: join(home, 'fonts') };
  const libraries = { ...fonts, LD_LIBRARY_PATH: join(home, 'al2023', 'lib') };
  // A slim machine lacks NSS and friends; the package brings them, but the system's own are the better fit.
  for (const env of [fonts, libraries]) {
    if (await starts(executablePath, env)) return { executablePath, env };
  }
  throw new Error(`${executablePath} does not start; "ldd ${executablePath}" names the libraries it misses.`);
}

function packageRoot(entry: string): string {
  let folder = dirname(entry);
  while (!existsSync(join(folder, 'bin'))) folder = dirname(folder);
  return folder;
}

async function unpack(entry: string, home: string): Promise<void> {
  await mkdir(tmpdir(), { recursive: true });
  const staging = await mkdtemp(`${home}-`);
  const script = `const { default: chromium } = await import(${JSON.stringify(pathToFileURL(entry).href)});
    await (chromium.default ?? chromium).executablePath();`;
  // Only when it believes to be on Lambda does the package unpack the shared libraries too.
  const env = { ...process.env, TMPDIR: staging, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' };
  await run(process.execPath, ['--input-type=module', '-e', script], { env, timeout: 120_000 });
  try {
    await rename(staging, home);
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    if (!existsSync(join(home, 'chromium'))) throw error; // another process was first: fine
  }
}

async function starts(executablePath: string, env: Record<string, string>): Promise<boolean> {
  try {
    await run(executablePath, ['--version', '--no-sandbox'], { env: { ...process.env, ...env }, timeout: 30_000 });
    return true;
  } catch {
    return false;
  }
}
