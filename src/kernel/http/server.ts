/** The HTTP server: limits, who is calling, validation by contract, and problem details for every refusal. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import cookie from '@fastify/cookie';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Endpoint } from '../../../contract/core.ts';
import type { Actor, Ctx } from '../context.ts';
import { config } from '../config.ts';
import { Problem } from '../errors.ts';
import type { House } from '../house.ts';
import { log } from '../log.ts';
import { answerProblem, problemOf } from './problems.ts';
import { readRawBody } from './raw-body.ts';
import type { RawRequest, RawRoute, Route } from './route.ts';
import { claimKey } from './idempotency.ts';
import { withQuickWay } from './quick.ts';
import { guardOrigin, guardRequest, securityHeaders } from './guards.ts';

export interface Doorkeeper {
  /** Who is calling, or undefined. Throws 401 for a credential that is there but bad. */
  authenticate(request: FastifyRequest): Promise<Actor | undefined>;
  /** Throws 401 or 403 when this actor may not pass. */
  authorize(actor: Actor | undefined, access: string): void;
  /** Told of every read before it is answered; whose reads are to be remembered is not the server's to know. */
  noteRead?(ctx: Ctx, endpoint: Endpoint, params: unknown): Promise<void>;
}

const REQUEST_TIMEOUT_MS = 30_000;
// Checked every second, so that a slow sender of headers is gone within ten seconds (bad-input row 24).
const HTTP = {
  headersTimeout: 8_000,
  requestTimeout: REQUEST_TIMEOUT_MS,
  connectionsCheckingInterval: 1000,
  maxHeaderSize: 16_384,
  keepAliveTimeout: 72_000,
};

const UNSAFE = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** Builds the server with every route of the house. It does not listen yet. */
export async function buildServer(house: House, door: Doorkeeper): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: log.child(
      { from: 'http' },
      { level: config.logLevel === 'silent' ? 'silent' : 'warn' },
    ) as FastifyBaseLogger,
    bodyLimit: 1024 * 1024,
    trustProxy: config.trustedProxies.length > 0 ? config.trustedProxies : false,
    genReqId: () => randomUUID(),
    exposeHeadRoutes: true,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 300 },
    requestTimeout: REQUEST_TIMEOUT_MS,
    serverFactory: (usual) => createServer(HTTP, withQuickWay(house, usual)),
  });
  app.server.maxConnections = 4000;
  await app.register(cookie);
  readJsonOnly(app);
  app.addHook('onRequest', async (request, reply) => {
    guardRequest(request);
    securityHeaders(request, reply);
  });
  app.setErrorHandler((error, request, reply) => answerProblem(reply, request, problemOf(error, request)));
  const methods = new Map<string, Set<string>>();
  for (const item of house.modules.flatMap((module) => module.routes)) {
    const [method, path] = item.kind === 'raw' ? [item.method, item.path] : [item.endpoint.method, item.endpoint.path];
    methods.set(path, (methods.get(path) ?? new Set()).add(method));
    if (item.kind === 'raw') addRaw(app, house, item);
    else addEndpoint(app, house, door, item);
  }
  app.setNotFoundHandler((request, reply) => unknownPath(methods, request, reply));
  return app;
}

/** Our own API speaks JSON; another media type is 415, a `null` body or a forged prototype 400. */
function readJsonOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(/^application\/(?:[\w.+-]+\+)?json/, { parseAs: 'string' }, (_request, body, done) => {
    try {
      const text = (body as string).replace(/^\uFEFF/, '');
      done(null, text === '' ? undefined : JSON.parse(text, refusePrototype));
    } catch (error) {
      done(
        error instanceof Problem
          ? error
          : new Problem(400, 'The body is not valid JSON', {
              rule: 'http.json',
              detail: (error as Error).message.slice(0, 200),
            }),
      );
    }
  });
}

function refusePrototype(key: string, value: unknown): unknown {
  if (key === '__proto__' || key === 'constructor')
    throw new Problem(400, `A field may not be called “${key}”`, { rule: 'http.json' });
  return value;
}

function addEndpoint(app: FastifyInstance, house: House, door: Doorkeeper, { endpoint, handle }: Route): void {
  app.route({
    method: endpoint.method,
    url: endpoint.path,
    handler: async (request, reply) => {
      const actor = await door.authenticate(request);
      if (UNSAFE.has(endpoint.method)) guardOrigin(request, actor);
      if (endpoint.access !== 'public') door.authorize(actor, endpoint.access);
      const params = endpoint.params.safeParse(request.params);
      // No id of ours holds a NUL, and PostgreSQL would refuse it with an error of its own (bad-input row 31).
      if (!params.success || JSON.stringify(request.params).includes('\\u0000'))
        throw new Problem(404, 'Not found', { rule: 'not_found' });
      const query = endpoint.query.safeParse(request.query);
      if (!query.success) throw badFields(400, 'The query is not understood', query.error.issues);
      const body = endpoint.body.safeParse(request.body);
      if (!body.success)
        throw badFields(bodyStatus(body.error.issues), 'The body is not understood', body.error.issues);
      const ctx = await house.ctx(actor ?? NOBODY, {
        requestId: request.id,
        ip: request.ip,
        asked: endpoint.id,
      });
      // Screens count from this clock, not from the browser's.
      reply.header('x-evenkeel-time', ctx.now.toISOString());
      if (endpoint.method === 'GET') await door.noteRead?.(ctx, endpoint, params.data);
      const claim = await claimKey(house, request, reply, actor, endpoint.id);
      if (claim === 'answered') return reply;
      try {
        const output = await handle({ ctx, params: params.data, query: query.data, body: body.data, request, reply });
        if (reply.sent) return reply;
        if (house.checkAnswers) house.checkAnswers(endpoint, output);
        if (reply.statusCode === 200) reply.code(output === undefined ? 204 : endpoint.status);
        await claim?.keep(reply.statusCode, output);
        if (output === undefined) return reply.send();
        return reply.type('application/json; charset=utf-8').send(JSON.stringify(output));
      } catch (error) {
        await claim?.free();
        throw error;
      }
    },
  });
}

/** The actor of a public endpoint that nobody signed in for. */
const NOBODY: Actor = { kind: 'link', id: 'anonymous', name: 'Somebody not signed in', roles: [] };

interface Issue {
  code?: string;
  path: PropertyKey[];
  message: string;
  keys?: string[];
}

/** Unknown fields and a body of the wrong shape are 400; fields that are there but cannot be meant are 422. */
const bodyStatus = (issues: Issue[]) =>
  issues.some((issue) => issue.code === 'unrecognized_keys' || issue.path.length === 0) ? 400 : 422;

const badFields = (status: number, title: string, issues: Issue[]) =>
  new Problem(status, title, {
    rule: 'http.fields',
    errors: issues.slice(0, 50).map((issue) => ({
      path: issue.path.map(String).join('.') || (issue.keys ?? []).join(', '),
      message: issue.message,
    })),
  });

function addRaw(app: FastifyInstance, house: House, item: RawRoute): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    // The stream is read by ourselves, so that a limit holds before and after decompression.
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    scope.route({
      method: item.method,
      url: item.path,
      bodyLimit: Number.MAX_SAFE_INTEGER,
      handler: async (request, reply) => {
        const raw = request as RawRequest;
        await item.admit?.(raw, house);
        raw.rawBody =
          item.method === 'GET' || item.method === 'HEAD'
            ? Buffer.alloc(0)
            : await readRawBody(request, item.bodyLimit ?? 1024 * 1024, item.types ?? ['*'], item.leaves);
        return item.handle(raw, reply, house);
      },
    });
  });
}

function unknownPath(methods: Map<string, Set<string>>, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const path = request.url.split('?')[0] ?? '';
  const allowed = [...methods].filter(([pattern]) => matches(pattern, path)).flatMap(([, set]) => [...set]);
  if (allowed.length > 0) {
    reply.header('allow', [...new Set(allowed)].join(', '));
    return answerProblem(
      reply,
      request,
      new Problem(405, `${request.method} is not possible here`, { rule: 'http.method' }),
    );
  }
  return answerProblem(reply, request, new Problem(404, 'Not found', { rule: 'not_found' }));
}

function matches(pattern: string, path: string): boolean {
  const a = pattern.split('/');
  const b = path.split('/');
  return a.length === b.length && a.every((part, i) => part.startsWith(':') || part === b[i]);
}
