/** The OpenAPI 3.1 document, written from the contract at `/api/openapi.json`. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type Endpoint, problem } from '../../contract/core.ts';
import type { House } from '#kernel';

const schemaOf = (schema: z.ZodType, io: 'input' | 'output') => {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Record<string, unknown>;
  return json;
};

interface JsonObject {
  properties?: Record<string, unknown>;
  required?: string[];
}

function parameters(endpoint: Endpoint): unknown[] {
  const list = (where: 'path' | 'query', schema: JsonObject) =>
    Object.entries(schema.properties ?? {}).map(([name, shape]) => ({
      name,
      in: where,
      required: where === 'path' || (schema.required ?? []).includes(name),
      schema: shape,
    }));
  return [
    ...list('path', schemaOf(endpoint.params, 'input') as JsonObject),
    ...list('query', schemaOf(endpoint.query, 'input') as JsonObject),
  ];
}

function operation(endpoint: Endpoint): object {
  const empty = endpoint.response instanceof z.ZodUndefined;
  const hasBody = !(endpoint.body instanceof z.ZodUndefined);
  return {
    operationId: endpoint.id,
    summary: endpoint.summary,
    tags: [endpoint.id.split('.')[0]],
    'x-permission': endpoint.access,
    security: endpoint.access === 'public' ? [] : [{ token: [] }, { session: [] }],
    parameters: parameters(endpoint),
    ...(hasBody
      ? {
          requestBody: {
            required: !endpoint.body.safeParse(undefined).success,
            content: { 'application/json': { schema: schemaOf(endpoint.body, 'input') } },
          },
        }
      : {}),
    responses: {
      [endpoint.status]: {
        description: 'Done',
        ...(empty ? {} : { content: { 'application/json': { schema: schemaOf(endpoint.response, 'output') } } }),
      },
      default: {
        description: 'Refused',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

/** The whole document as an object. */
export function openApi(house: House): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of house.modules.flatMap((module) => module.routes)) {
    if (route.kind !== 'endpoint') continue;
    const path = route.endpoint.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.endpoint.method.toLowerCase()]: operation(route.endpoint) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Evenkeel',
      version: '0.1.0',
      description: 'Incident response for SaaS teams.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'evenkeel' },
      },
      schemas: { Problem: schemaOf(problem, 'output') },
    },
  };
}

/** Serves it, made once. */
export function addOpenApi(app: FastifyInstance, house: House): void {
  let made: string | undefined;
  app.get('/api/openapi.json', async (_request, reply) => {
    made ??= JSON.stringify(openApi(house));
    return reply.type('application/json; charset=utf-8').send(made);
  });
}
