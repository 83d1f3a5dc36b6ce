/** The node's HTTP face: every module's routes, the live stream, health, metrics, OpenAPI and the console. */
import type { FastifyInstance } from 'fastify';
import { type House, personOf } from '#kernel';
import { doorkeeper } from '#security';
import type { Connection } from '../kernel/db/pool.ts';
import { buildServer } from '../kernel/http/server.ts';
import { type LiveStream, openStream } from '../kernel/http/stream.ts';
import { addConsole } from './console.ts';
import { addHealth } from './health.ts';
import { addOpenApi } from './openapi.ts';

export interface OpenedServer {
  app: FastifyInstance;
  stream: LiveStream;
  close(): Promise<void>;
}

/** Builds the server and connects the live stream; the caller listens. */
export async function openServer(house: House, connection: Connection): Promise<OpenedServer> {
  const door = doorkeeper(house);
  const app = await buildServer(house, door);
  const stream = await openStream(house, connection);
  app.get('/api/v1/stream', async (request, reply) => {
    const actor = await door.authenticate(request);
    door.authorize(actor, 'read');
    stream.join(reply, (actor && personOf(actor)) ?? '');
    return reply;
  });
  addHealth(app, house);
  addOpenApi(app, house);
  await addConsole(app);
  return {
    app,
    stream,
    close: async () => {
      await stream.close();
      await app.close();
    },
  };
}
