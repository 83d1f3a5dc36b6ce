/** `evenkeel serve`: brings the product up, says where it is, and takes it down without losing anything. */
import { existsSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { config, type House, log, Problem, projectPath } from '#kernel';
import { listenForStop } from './lifecycle.ts';
import { say } from './say.ts';

export interface ServeOptions {
  demo?: boolean;
  port?: number;
  host?: string;
  startedBy?: string;
}

/** Requests and jobs that are under way get this long to finish. */
const DRAIN_MS = 25_000;

/** What the command line says goes over what the environment says. */
export function applyAddress(options: { port?: number; host?: string }): void {
  const derived = config.publicUrl === `http://localhost:${config.port}`;
  if (options.host !== undefined) config.host = options.host;
  if (options.port === undefined) return;
  config.port = options.port;
  if (derived) config.publicUrl = `http://localhost:${options.port}`;
}

/** The face of `src/app/demo/index.ts`: fills an empty installation, leaves any other alone, and says how to look around. */
interface Demo {
  loadDemo(house: House): Promise<string[]>;
}

async function loadDemo(house: House): Promise<void> {
  const file = projectPath('src', 'app', 'demo', 'index.ts');
  if (!existsSync(file))
    throw new Problem(501, 'This version brings no demo company', {
      rule: 'app.demo',
      detail: 'Start without --demo.',
    });
  const demo = (await import(file)) as Demo;
  for (const line of await demo.loadDemo(house)) say(line);
}

/**
 * A promise that fails where nobody waits for it is reported, and the pager goes on: it runs under no supervisor that
 * would start it again. One source is known: the job queue writes down the end of a job without waiting for it, so a
 * connection that breaks then is nobody's; such a job is found again by the worker's sign of life (kernel/jobs).
 */
function surviveLostAnswers(): void {
  process.on('unhandledRejection', (reason) => {
    const { message, stack } = reason instanceof Error ? reason : { message: String(reason), stack: undefined };
    log.error({ error: message, stack }, 'something failed and nobody was waiting for it');
  });
}

/** Runs until it is asked to stop; then ends the process: 0 when everything was finished, 1 when it had to be cut. */
export async function serveCommand(options: ServeOptions): Promise<void> {
  const stop = listenForStop(options.startedBy);
  applyAddress(options);
  surviveLostAnswers();
  const { serve } = await import('../serve.ts');
  const served = await serve((url) => say(`Evenkeel waits for its database and takes alerts at ${url}`));
  say(`Evenkeel is at ${served.url}`);
  if (options.demo) await loadDemo(served.ground.house);
  // The demo brings its own administrator: the link of an empty installation leads nowhere any more.
  if (served.setupLink && !options.demo) say(`Set up the first administrator (works once): ${served.setupLink}`);

  flushCompileCache(); // now, because a killed process would not
  const reason = await stop.asked;
  log.info({ reason }, 'stopping');
  stop.onInsist(() => process.exit(1));
  setTimeout(() => {
    log.error('the work under way did not end in time; it is cut and will be taken up again');
    process.exit(1);
  }, DRAIN_MS).unref();
  await served.close();
  process.exit(0);
}
