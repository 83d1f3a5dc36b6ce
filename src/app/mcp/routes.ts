/** The MCP server's door, `POST /mcp`: where the call comes from, who calls, which revision, and the answer as JSON. */
import type { FastifyReply } from 'fastify';
import {
  addMs,
  config,
  type Ctx,
  hmacSha256,
  derivedKey,
  type House,
  Problem,
  type RawRequest,
  rawRoute,
  readSetting,
  route,
  sameText,
} from '#kernel';
import { doorkeeper, may } from '#security';
import { endpoints } from '#contract/app';
import { mayUse, scopeOf } from './call.ts';
import { countCall, PER_MINUTE } from './limits.ts';
import { CODES, headerFault, isRefusal, readMessage, type Refusal, revisionOf, SUPPORTED } from './protocol.ts';
import { answer } from './server.ts';
import { mcpSetting } from './settings.ts';
import { TOOLS } from './tools.ts';

const SESSION_MS = 24 * 3_600_000;

const sign = (text: string) => hmacSha256(derivedKey('mcp session'), text).toString('base64url').slice(0, 22);

/** A session of the older revisions: no memory of ours, only a signed word that binds it to its token, on every node alike. */
function openSession(ctx: Ctx): string {
  const until = addMs(ctx.now, SESSION_MS).getTime().toString(36);
  return `${until}.${sign(`${ctx.actor.id}.${until}`)}`;
}

function sessionFits(ctx: Ctx, session: string): boolean {
  const [until = '', mac = ''] = session.split('.');
  return sameText(mac, sign(`${ctx.actor.id}.${until}`)) && Number.parseInt(until, 36) > ctx.now.getTime();
}

const send = (reply: FastifyReply, status: number, body: object) =>
  reply
    .code(status)
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .send(JSON.stringify({ jsonrpc: '2.0', ...body }));

const refuse = (reply: FastifyReply, refusal: Refusal, id?: string | number) =>
  send(reply, refusal.status, {
    ...(id === undefined ? {} : { id }),
    error: { code: refusal.code, message: refusal.message, ...(refusal.data ? { data: refusal.data } : {}) },
  });

/** A page of somebody else's must not talk to us through a visitor's browser; programs send no Origin. */
async function fromElsewhere(house: House, origin: string | undefined): Promise<boolean> {
  if (origin === undefined || origin === new URL(config.publicUrl).origin) return false;
  const ctx = await house.ctx(house.system('app.mcp'));
  return !(await readSetting(ctx, mcpSetting)).origins.includes(origin);
}

/** Who calls: a bearer token, never a cookie. */
async function callerOf(house: House, request: RawRequest): Promise<Ctx> {
  if (!request.headers.authorization)
    throw new Problem(401, 'Send an API token: Authorization: Bearer ek_…', { rule: 'mcp.token' });
  const actor = await doorkeeper(house).authenticate(request);
  if (!actor) throw new Problem(401, 'This token is not valid', { rule: 'access.token' });
  if (!may(actor, 'app.callTool'))
    throw new Problem(403, 'This token lacks the scope app.callTool', { rule: 'access.scope' });
  return house.ctx(actor, { requestId: request.id, ip: request.ip });
}

function refuseProblem(reply: FastifyReply, problem: Problem) {
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer realm="Evenkeel"');
  if (problem.status === 403)
    reply.header('www-authenticate', 'Bearer error="insufficient_scope", scope="app.callTool read"');
  const wait = problem.extra?.retryAfterSeconds;
  if (wait !== undefined) reply.header('retry-after', String(wait));
  return refuse(reply, { status: problem.status, code: CODES.busy, message: problem.message });
}

async function onPost(request: RawRequest, reply: FastifyReply, house: House) {
  if (await fromElsewhere(house, request.headers.origin))
    return refuse(reply, { status: 403, code: CODES.request, message: 'This origin is not allowed' });
  let ctx: Ctx;
  try {
    ctx = await callerOf(house, request);
    if (!(await readSetting(ctx, mcpSetting)).enabled)
      throw new Problem(404, 'The MCP server is switched off here', { rule: 'mcp.off' });
    countCall(ctx, 'calls');
  } catch (error) {
    if (error instanceof Problem) return refuseProblem(reply, error);
    throw error;
  }
  const message = readMessage(request.rawBody.toString('utf8'));
  if (isRefusal(message)) return refuse(reply, message);
  const revision = revisionOf(message, request.headers);
  if (typeof revision === 'object') return refuse(reply, revision, message.id);
  const fault = revision === 'modern' && message.id !== undefined ? headerFault(message, request.headers) : undefined;
  if (fault) return refuse(reply, fault, message.id);
  const session = request.headers['mcp-session-id'];
  if (
    revision === 'legacy' &&
    message.method !== 'initialize' &&
    typeof session === 'string' &&
    !sessionFits(ctx, session)
  )
    return refuse(reply, { status: 404, code: CODES.request, message: 'This session has ended: initialize again' });
  if (message.id === undefined) return reply.code(202).send();
  const result = await answer({ ctx, revision, http: { request, reply } }, message);
  if (isRefusal(result)) return refuse(reply, result, message.id);
  if (message.method === 'initialize') reply.header('mcp-session-id', openSession(ctx));
  return send(reply, 200, { id: message.id, result });
}

const server = rawRoute({
  method: 'POST',
  path: '/mcp',
  bodyLimit: 256 * 1024,
  types: ['application/json'],
  handle: onPost,
});

/** For the page that says how to connect: what there is, and what the reader could use. */
const tools = route(endpoints.mcpTools, async ({ ctx }) => ({
  enabled: (await readSetting(ctx, mcpSetting)).enabled,
  url: new URL('/mcp', config.publicUrl).href,
  revisions: SUPPORTED,
  perMinute: PER_MINUTE,
  items: TOOLS.map((tool) => ({
    name: tool.name,
    title: tool.title,
    about: tool.about,
    scope: scopeOf(tool),
    writes: tool.writes ?? false,
    usable: mayUse(ctx, tool),
  })),
}));

export const routes = [server, tools];
