/** Serves the built console: hashed files for a year, the page itself fresh each time with a nonce for its style sheet. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { config, contentSecurityPolicy, Problem } from '#kernel';

/** Any path outside these is a screen of the console. */
const NOT_CONSOLE =
  /^\/(api|status|ofrep|v2|integrations|ack|answers|cal|push|mcp|assets|healthz|readyz|metrics)(\/|$|\?)/;

export async function addConsole(app: FastifyInstance): Promise<void> {
  const page = join(config.consoleDir, 'index.html');
  if (!existsSync(page)) {
    app.get('/', async () => {
      throw new Problem(503, 'The console is not built', {
        rule: 'console.missing',
        detail: 'Start with “npm start”, or run “npm run build”.',
      });
    });
    return;
  }
  await app.register(fastifyStatic, {
    root: config.consoleDir,
    index: false,
    wildcard: false,
    prefix: '/',
    immutable: true,
    maxAge: '365d',
    preCompressed: true,
  });
  const html = readFileSync(page, 'utf8');
  app.get('/*', async (request, reply) => {
    if (NOT_CONSOLE.test(request.url)) return reply.callNotFound();
    const nonce = randomBytes(16).toString('base64');
    return reply
      .header('content-security-policy', contentSecurityPolicy(nonce))
      .header('cache-control', 'no-cache')
      .type('text/html; charset=utf-8')
      .send(html.replaceAll('__CSP_NONCE__', nonce));
  });
}
