/** Where a Chromium is, and the optional package that drives it. Neither is needed by anything else. */
import { existsSync } from 'node:fs';
import { config } from '#kernel';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

export type Playwright = typeof import('playwright-core');

export interface FoundBrowser {
  playwright: Playwright;
  executablePath: string;
}

/** Both, or why not. */
export async function findBrowser(): Promise<FoundBrowser | string> {
  const executablePath = config.chromiumPath ?? PLACES.find((path) => existsSync(path));
  if (!executablePath || !existsSync(executablePath))
    return 'There is no Chromium on this machine. Install one, or say where it is with CHROMIUM_PATH.';
  try {
    return { playwright: await import('playwright-core'), executablePath };
  } catch {
    return 'The package playwright-core is not installed here (npm install playwright-core).';
  }
}
