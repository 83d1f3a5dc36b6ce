/** Commands of the program that are thin over the contract: `evenkeel incidents declare --title "…"` is the endpoint `incidents.declare`. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { z } from 'zod';
import { type Endpoint, type ProblemBody } from '../../../contract/core.ts';
import { config, projectPath } from '#kernel';
import { say, sayJson } from './say.ts';

interface Shape {
  type?: string | string[];
  properties?: Record<string, Shape & { description?: string; enum?: unknown[] }>;
  required?: string[];
}

/** Modules of the contract, as words of the command line. */
export const contractModules = () =>
  readdirSync(projectPath('contract'))
    // A dash in the name means pure code shared with the console, not endpoints.
    .filter((file) => /^[a-z]+\.ts$/.test(file) && file !== 'core.ts')
    .map((file) => file.slice(0, -3))
    .sort();

const shapeOf = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Shape;
const flagOf = (field: string) => field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const scalar = (shape: Shape) => ['string', 'number', 'integer', 'boolean'].includes(String(shape.type));

/** What a person typed, as the contract wants it: text stays text, everything else is read as JSON. */
function valueOf(shape: Shape, text: unknown): unknown {
  if (typeof text !== 'string' || shape.type === 'string') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const fieldsOf = (shape: Shape) => Object.entries(shape.properties ?? {});

function addOptions(command: Command, shape: Shape, where: string): void {
  for (const [field, value] of fieldsOf(shape)) {
    const what = scalar(value) ? 'value' : 'json';
    const option = new Option(
      `--${flagOf(field)} <${what}>`,
      `${where}${shape.required?.includes(field) ? ', needed' : ''}`,
    );
    if (value.enum) option.choices(value.enum.map(String));
    command.addOption(option);
  }
}

/** The fields of one part that were given. */
function pick(shape: Shape, options: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    fieldsOf(shape)
      .filter(([field]) => options[field] !== undefined)
      .map(([field, value]) => [field, valueOf(value, options[field])]),
  );
}

/** Calls the endpoint on the running product with the token of `EVENKEEL_TOKEN`. */
async function call(endpoint: Endpoint, args: string[], options: Record<string, unknown>): Promise<void> {
  const names = [...endpoint.path.matchAll(/:(\w+)/g)].map((found) => found[1] ?? '');
  const path = names.reduce(
    (text, name, at) => text.replace(`:${name}`, encodeURIComponent(args[at] ?? '')),
    endpoint.path,
  );
  const query = new URLSearchParams(
    Object.entries(pick(shapeOf(endpoint.query), options)).map(
      ([key, value]) => [key, String(value)] as [string, string],
    ),
  );
  const hasBody = !(endpoint.body instanceof z.ZodUndefined);
  const body = options.body === undefined ? pick(shapeOf(endpoint.body), options) : JSON.parse(String(options.body));
  const url = `${config.publicUrl}${path}${query.size > 0 ? `?${query}` : ''}`;
  const answer = await fetch(url, {
    method: endpoint.method,
    headers: {
      ...(config.apiToken ? { authorization: `Bearer ${config.apiToken}` } : {}),
      ...(hasBody ? { 'content-type': 'application/json' } : {}),
    },
    body: hasBody ? JSON.stringify(body) : null,
  }).catch((error: Error) => {
    throw new Error(
      `${config.publicUrl} does not answer (${(error.cause as Error | undefined)?.message ?? error.message}). Is it running? EVENKEEL_URL says where.`,
    );
  });
  const text = await answer.text();
  if (answer.ok)
    return options.json
      ? sayJson(text ? JSON.parse(text) : {})
      : say(text ? JSON.stringify(JSON.parse(text), null, 2) : 'Done.');
  process.exitCode = 1;
  const problem = JSON.parse(text) as ProblemBody;
  if (options.json) return sayJson(problem);
  process.stderr.write(
    `${[problem.title, problem.detail, ...(problem.errors ?? []).map((error) => `  ${error.path}: ${error.message}`)].filter(Boolean).join('\n')}\n`,
  );
}

/** Adds `evenkeel <module> <verb>` for every endpoint of one module. */
export async function addModule(program: Command, module: string): Promise<void> {
  const { endpoints } = (await import(join(projectPath('contract'), `${module}.ts`))) as {
    endpoints: Record<string, Endpoint>;
  };
  const group = program
    .command(module)
    .description(`What the API offers for ${module}. Needs EVENKEEL_URL and EVENKEEL_TOKEN.`);
  for (const endpoint of Object.values(endpoints)) {
    const verb = endpoint.id.split('.')[1] ?? endpoint.id;
    const parameters = [...endpoint.path.matchAll(/:(\w+)/g)].map((found) => `<${found[1]}>`).join(' ');
    const command = group.command(`${verb} ${parameters}`.trim()).description(endpoint.summary);
    addOptions(command, shapeOf(endpoint.query), 'filter');
    if (!(endpoint.body instanceof z.ZodUndefined)) {
      addOptions(command, shapeOf(endpoint.body), 'field');
      command.option('--body <json>', 'the whole body as JSON, in place of fields');
    }
    command.option('--json', 'one line of JSON').action(async (...given: unknown[]) => {
      const self = given.at(-1) as Command;
      await call(endpoint, self.args, self.opts());
    });
  }
}
