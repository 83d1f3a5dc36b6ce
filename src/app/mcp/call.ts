/** Carries out a tool: the permission, the checks and the work are those of its endpoint; the answer comes back fenced. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Endpoint } from '../../../contract/core.ts';
import { type Ctx, type House, Problem } from '#kernel';
import { proposeAction } from '#playbooks';
import { may, requirePermission } from '#security';
import type { Route } from '../../kernel/http/route.ts';
import { fence, FENCE_SHORT, fenceText } from './fence.ts';
import { type Tool, TOOLS } from './tools.ts';

interface Shape {
  properties?: Record<string, object>;
  required?: string[];
}

const shapeOf = (schema: z.ZodType): Shape =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as unknown as Shape;

/** A date says so by its format; the pattern behind it would cost a model hundreds of words in every list of tools. */
function brief(shape: object | undefined): object | undefined {
  if (shape === undefined || !('format' in shape) || !('pattern' in shape)) return shape;
  const { pattern: _, ...rest } = shape as { pattern: unknown };
  return rest;
}

/** An answer longer than this is no help to anybody who pays by the word. */
const LONGEST_ANSWER = 200_000;

const known = new Map<string, Route>();

/** At start: the routes of every module, which the tools lead to. */
export async function learnRoutes(house: House): Promise<void> {
  for (const item of house.modules.flatMap((module) => module.routes))
    if (item.kind === 'endpoint') known.set(item.endpoint.id, item);
}

function routeOf(tool: Tool): Route {
  const route = known.get(tool.endpoint);
  if (!route) throw new Error(`The tool ${tool.name} leads to ${tool.endpoint}, which is no endpoint`);
  return route;
}

/** Where the fields of a tool go: the body of what writes, the query of what reads. */
const fieldsOf = (endpoint: Endpoint): z.ZodType => (endpoint.method === 'GET' ? endpoint.query : endpoint.body);

/** The tool as `tools/list` shows it. */
export function describe(tool: Tool) {
  const { endpoint } = routeOf(tool);
  const shape = shapeOf(fieldsOf(endpoint));
  const properties: Record<string, object> = tool.id
    ? { [tool.id]: { type: 'string', description: tool.id === 'incident' ? 'Id or key, such as INC-42' : 'Id' } }
    : {};
  for (const field of tool.fields) {
    const known = brief(shape.properties?.[field]);
    if (!known) throw new Error(`The tool ${tool.name} offers ${field}, which ${tool.endpoint} does not know`);
    properties[field] = field in (tool.defaults ?? {}) ? { ...known, default: tool.defaults?.[field] } : known;
  }
  const required = [...(tool.id ? [tool.id] : []), ...tool.fields.filter((field) => shape.required?.includes(field))];
  return {
    name: tool.name,
    title: tool.title,
    description: `${tool.about} ${FENCE_SHORT}`,
    inputSchema: { type: 'object' as const, properties, required, additionalProperties: false },
    annotations: {
      readOnlyHint: !tool.writes,
      destructiveHint: false,
      idempotentHint: !tool.writes,
      openWorldHint: false,
    },
  };
}

/** Whether this actor could use the tool: what it cannot use it is not shown. */
export const mayUse = (ctx: Pick<Ctx, 'actor'>, tool: Tool): boolean => {
  const { access } = routeOf(tool).endpoint;
  return access === 'public' || access === 'signed_in' || may(ctx.actor, access);
};

/** The permission a token's scopes must cover for this tool. */
export const scopeOf = (tool: Tool): string => routeOf(tool).endpoint.access;

export const toolByName = (name: unknown): Tool | undefined => TOOLS.find((tool) => tool.name === name);

function split(tool: Tool, given: Record<string, unknown>) {
  const allowed = new Set([...tool.fields, ...(tool.id ? [tool.id] : [])]);
  const unknown = Object.keys(given).filter((name) => !allowed.has(name));
  if (unknown.length > 0)
    throw new Problem(400, `${tool.name} does not take “${unknown[0]?.slice(0, 60)}”`, { rule: 'mcp.arguments' });
  const id = tool.id ? given[tool.id] : undefined;
  if (tool.id && (typeof id !== 'string' || id === '' || id.includes('\u0000')))
    throw new Problem(400, `${tool.name} needs “${tool.id}”`, { rule: 'mcp.arguments' });
  const fields = { ...tool.defaults, ...given };
  if (tool.id) delete fields[tool.id];
  return { params: tool.id ? { id } : {}, fields };
}

function parsed(schema: z.ZodType, value: unknown): unknown {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  throw new Problem(422, 'The arguments are not understood', {
    rule: 'mcp.arguments',
    errors: read.error.issues.slice(0, 20).map(({ path, message }) => ({ path: path.map(String).join('.'), message })),
  });
}

/** Runs the tool for this actor. Throws the Problems of its endpoint, 400 or 422 for arguments, 403 without the scope. */
export async function runTool(
  ctx: Ctx,
  tool: Tool,
  given: Record<string, unknown>,
  http: { request: FastifyRequest; reply: FastifyReply },
): Promise<unknown> {
  const { endpoint, handle } = routeOf(tool);
  if (endpoint.access !== 'public') requirePermission(ctx.actor, endpoint.access);
  const { params, fields } = split(tool, given);
  const call = { ctx, params: parsed(endpoint.params, params), query: {}, body: undefined as unknown, ...http };
  if (endpoint.method === 'GET') call.query = parsed(endpoint.query, fields) as object;
  else call.body = parsed(endpoint.body, fields);
  if (!tool.proposes) return handle(call);
  // What a program proposes in somebody's name is never approved by that same person alone, whatever their authority.
  const wish = call.body as { action: string; with: Record<string, unknown>; reason: string };
  const row = await proposeAction(ctx, { incidentId: String(params.id), ...wish, secondPerson: true });
  return {
    id: row.id,
    title: row.title,
    state: row.state,
    plan: row.plan,
    rules: row.rules,
    expiresAt: row.expiresAt,
    note: 'Nothing has been done yet. Somebody other than the owner of this token must approve it in the war room.',
  };
}

/** What a tool answers with: the fenced value as data and as text. */
export function answerOf(value: unknown) {
  const shown = fence(value ?? {}) as object;
  const text = JSON.stringify(shown);
  if (text.length > LONGEST_ANSWER)
    throw new Problem(413, 'This answer is too long to read', {
      rule: 'mcp.long',
      detail: 'Ask for fewer with “limit”, or for something narrower.',
    });
  return { content: [{ type: 'text' as const, text }], structuredContent: shown, isError: false };
}

/** A refusal as a tool's answer, so that the model can mend its call. */
export function refusalOf(problem: Problem) {
  const said = {
    title: fenceText(problem.message),
    status: problem.status,
    rule: problem.rule,
    ...(problem.detail ? { detail: fenceText(problem.detail) } : {}),
    ...(problem.errors ? { errors: fence(problem.errors) } : {}),
    ...(problem.extra ? (fence(problem.extra) as object) : {}),
  };
  return { content: [{ type: 'text' as const, text: JSON.stringify(said) }], structuredContent: said, isError: true };
}
