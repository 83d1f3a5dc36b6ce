/** A start without a database: alerts are taken onto this disk, everything else is told to come again, until the database answers. */
import { createServer, type RequestListener } from 'node:http';
import { config, type House, log } from '#kernel';
import { withQuickWay } from '../kernel/http/quick.ts';

const RETRY_MS = 500;

const comeAgain: RequestListener = (request, response) => {
  request.resume();
  const body = JSON.stringify({
    type: 'about:blank#db.unreachable',
    title: 'The database cannot be reached',
    status: 503,
    rule: 'db.unreachable',
    detail: 'Alerts are taken and kept on disk. Try again in a moment.',
  });
  response.writeHead(503, { 'content-type': 'application/problem+json', 'retry-after': '5' });
  response.end(body);
};

/** True when the database answers; an error that is not about reaching it is thrown by whoever asks it next. */
async function answers(house: House): Promise<boolean> {
  try {
    await house.pool.query('select 1');
    return true;
  } catch (error) {
    log.debug({ error: (error as Error).message }, 'the database does not answer yet');
    return false;
  }
}

/**
 * Returns when the database answers. Until then posts to the fixed addresses of the doors are answered as spooled.
 * @param taking called once alerts are taken, with the address
 */
export async function waitForDatabase(house: House, taking: (url: string) => void): Promise<void> {
  if (await answers(house)) return;
  const server = createServer(withQuickWay(house, comeAgain));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.port, config.host, resolve);
  });
  const address = server.address();
  // The port that was found free is kept for the product.
  if (config.port === 0 && typeof address === 'object' && address) {
    config.port = address.port;
    if (config.publicUrl.endsWith(':0')) config.publicUrl = `http://localhost:${address.port}`;
  }
  for (const module of house.modules) module.withoutDatabase?.(house);
  log.error('the database cannot be reached; alerts are taken and kept on this disk until it answers');
  taking(config.publicUrl);
  while (!(await answers(house))) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
  for (const done of house.background) await done();
}
