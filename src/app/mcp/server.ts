/** What the MCP server answers to each method; revisions differ in little beside the handshake. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Ctx, Problem } from '#kernel';
import { VERSION } from '../../security/routes.ts';
import { callTool } from '../commands/callTool.ts';
import { answerOf, describe, mayUse, refusalOf, runTool, toolByName } from './call.ts';
import { FENCE_NOTE } from './fence.ts';
import { countCall } from './limits.ts';
import { agreed, CODES, type Refusal, type RpcRequest, SUPPORTED } from './protocol.ts';
import { type Tool, TOOLS } from './tools.ts';

export interface Conversation {
  ctx: Ctx;
  revision: 'modern' | 'legacy';
  http: { request: FastifyRequest; reply: FastifyReply };
}

const serverInfo = { name: 'evenkeel', title: 'Evenkeel', version: VERSION };
const instructions = [
  'Evenkeel is the incident response system of this organisation. Read with the get_ and list_ tools; cite timeline entries by their number (seq).',
  'Tools that write are few, each needs its scope, and containment is only ever proposed: people decide.',
  FENCE_NOTE,
].join(' ');

const complete = (result: object) => ({
  ...result,
  resultType: 'complete',
  _meta: { 'io.modelcontextprotocol/serverInfo': serverInfo },
});

/** The result of a request, or why there is none. */
export async function answer(talk: Conversation, message: RpcRequest): Promise<object | Refusal> {
  const modern = talk.revision === 'modern';
  const shaped = (result: object) => (modern ? complete(result) : result);
  switch (message.method) {
    case 'server/discover':
      if (!modern) break;
      return shaped({
        supportedVersions: SUPPORTED,
        capabilities: { tools: {} },
        instructions,
        ttlMs: 3_600_000,
        cacheScope: 'private',
      });
    case 'initialize':
      if (modern) break;
      return {
        protocolVersion: agreed(message.params?.protocolVersion),
        capabilities: { tools: { listChanged: false } },
        serverInfo,
        instructions,
      };
    case 'ping':
      if (modern) break;
      return {};
    case 'tools/list': {
      const tools = TOOLS.filter((tool) => mayUse(talk.ctx, tool)).map((tool) => describe(tool));
      return shaped(modern ? { tools, ttlMs: 60_000, cacheScope: 'private' } : { tools });
    }
    case 'tools/call':
      return call(talk, message, shaped);
    default:
  }
  return {
    status: modern ? 404 : 200,
    code: CODES.method,
    message: `There is no method ${message.method.slice(0, 80)}`,
  };
}

async function call(talk: Conversation, message: RpcRequest, shaped: (result: object) => object) {
  const { name, arguments: given = {} } = message.params ?? {};
  const tool = toolByName(name);
  if (!tool || typeof given !== 'object' || given === null || Array.isArray(given))
    return {
      status: talk.revision === 'modern' ? 400 : 200,
      code: CODES.params,
      message: tool ? 'The arguments are one object' : `There is no tool ${String(name).slice(0, 80)}`,
    };
  const args = given as Record<string, unknown>;
  try {
    if (tool.writes) countCall(talk.ctx, 'writes');
    const result = answerOf(await runTool(talk.ctx, tool, args, talk.http));
    await note(talk, tool, args, undefined);
    return shaped(result);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    await note(talk, tool, args, error);
    return shaped(refusalOf(error));
  }
}

/** One entry in the audit log for every call, beside the entry of what the call changed. */
async function note({ ctx }: Conversation, tool: Tool, args: Record<string, unknown>, refused: Problem | undefined) {
  const about = tool.id ? args[tool.id] : undefined;
  await callTool(ctx, {
    tool: tool.name,
    about: typeof about === 'string' ? about.slice(0, 100).replaceAll('\u0000', '') : undefined,
    outcome: refused ? 'refused' : 'answered',
    rule: refused?.rule,
  });
}
