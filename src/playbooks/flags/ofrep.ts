/** The OpenFeature Remote Evaluation Protocol: how flag clients ask. https://github.com/open-feature/protocol */
import type { FastifyReply } from 'fastify';
import { type House, Problem, type RawRequest, rawRoute, sha256hex } from '#kernel';
import { doorkeeper, may } from '#security';
import { evaluate } from './model.ts';
import { allFlags, flagByKey } from './store.ts';

const types = ['application/json'];
const limit = 65_536;

/** One flag. Read at every request: a change is seen by the next evaluation. */
export const evaluateOne = rawRoute({
  method: 'POST',
  path: '/ofrep/v1/evaluate/flags/:key',
  bodyLimit: limit,
  types,
  handle: async (request, reply, house) => {
    const { key } = request.params as { key: string };
    if (!(await admitted(request, reply, house))) return reply;
    const context = contextOf(request);
    if (!context) {
      return reply.code(400).send({
        key,
        errorCode: 'INVALID_CONTEXT',
        errorDetails: 'the body must be an object with an object "context"',
      });
    }
    const flag = /^[A-Za-z0-9][\w.-]{0,99}$/.test(key) ? await flagByKey(house.db, key) : undefined;
    if (!flag)
      return reply.code(404).send({
        key,
        errorCode: 'FLAG_NOT_FOUND',
        errorDetails: 'there is no such flag',
      });
    return reply.send(evaluate(flag, context));
  },
});

/** All flags, with an ETag so that polling clients cost little. */
export const evaluateAll = rawRoute({
  method: 'POST',
  path: '/ofrep/v1/evaluate/flags',
  bodyLimit: limit,
  types,
  handle: async (request, reply, house) => {
    if (!(await admitted(request, reply, house))) return reply;
    const context = contextOf(request);
    if (!context) {
      return reply.code(400).send({
        errorCode: 'INVALID_CONTEXT',
        errorDetails: 'the body must be an object with an object "context"',
      });
    }
    const flags = (await allFlags(house.db)).map((flag) => evaluate(flag, context));
    const etag = `"${sha256hex(JSON.stringify(flags)).slice(0, 32)}"`;
    reply.header('etag', etag).header('cache-control', 'no-cache');
    if (request.headers['if-none-match'] === etag) return reply.code(304).send();
    return reply.send({ flags });
  },
});

/** A token with the scope `flags.read` (or `read`), as bearer or as `X-API-Key`. A person's session does as well. */
async function admitted(request: RawRequest, reply: FastifyReply, house: House): Promise<boolean> {
  const apiKey = request.headers['x-api-key'];
  if (typeof apiKey === 'string' && request.headers.authorization === undefined)
    request.headers.authorization = `Bearer ${apiKey}`;
  const actor = await doorkeeper(house)
    .authenticate(request)
    .catch((error: unknown) => {
      if (error instanceof Problem && error.status === 401) return undefined;
      throw error;
    });
  if (actor && (may(actor, 'flags.read') || may(actor, 'read'))) return true;
  const status = actor ? 403 : 401;
  const errorDetails = actor
    ? 'the token needs the scope flags.read'
    : 'send an API token with the scope flags.read as bearer token or X-API-Key';
  reply.code(status).send({ errorCode: 'GENERAL', errorDetails });
  return false;
}

/** The evaluation context, or null when the body is not one. */
function contextOf(request: RawRequest): Record<string, unknown> | null {
  if (request.rawBody.length === 0) return {};
  try {
    const body = JSON.parse(request.rawBody.toString('utf8')) as {
      context?: unknown;
    };
    if (body === null || typeof body !== 'object' || Array.isArray(body)) return null;
    const context = body.context ?? {};
    return typeof context === 'object' && !Array.isArray(context) ? (context as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
