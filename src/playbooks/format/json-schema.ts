/** The JSON Schema of ir/v1, for editors outside and for completion in the console. Pure. */
import { z } from 'zod';
import { playbookSchema } from './schema.ts';

let made: Record<string, unknown> | undefined;

/** Published under `/api/v1/playbook-schema`; what a person writes, before defaults. */
export function playbookJsonSchema(): Record<string, unknown> {
  made ??= {
    title: 'Evenkeel playbook, ir/v1',
    ...z.toJSONSchema(playbookSchema, { io: 'input', unrepresentable: 'any' }),
  };
  return made;
}
