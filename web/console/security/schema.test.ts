/** Settings are drawn from their schemas. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { initialValue, type JsonSchema, shapeOf, unwrap, words } from './schema.ts';

const of = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input' }) as JsonSchema;
const kind = (schema: z.ZodType) => shapeOf(unwrap(of(schema)).schema).kind;

test('every shape that settings use has its field', () => {
  expect(kind(z.string())).toBe('text');
  expect(kind(z.boolean().default(true))).toBe('boolean');
  expect(kind(z.int().min(1).nullable())).toBe('number');
  expect(kind(z.enum(['a', 'b']))).toBe('choice');
  expect(kind(z.union([z.literal(1), z.literal(2)]).nullable())).toBe('choice');
  expect(kind(z.array(z.union([z.literal(1), z.literal(2)])))).toBe('choices');
  expect(kind(z.array(z.int().min(1).max(4)))).toBe('choices');
  expect(kind(z.array(z.string()))).toBe('texts');
  expect(kind(z.array(z.object({ a: z.string() })))).toBe('rows');
  expect(kind(z.object({ a: z.string() }))).toBe('object');
  expect(kind(z.record(z.string(), z.unknown()))).toBe('json');
});

test('objects with the same numbers become a table', () => {
  const times = z.object({ first: z.int(), then: z.int().nullable(), last: z.int() });
  const shape = shapeOf(of(z.object({ sev1: times, sev2: times })));
  expect(shape).toMatchObject({ kind: 'matrix', columns: ['sev1', 'sev2'], rows: ['first', 'then', 'last'] });
});

describe('a form begins', () => {
  const smtp = of(z.object({ host: z.string(), port: z.int(), secure: z.boolean().default(false) }).nullable());
  test('with the value in force', () => expect(initialValue(smtp, { host: 'a' })).toEqual({ host: 'a' }));
  test('else with the defaults', () => expect(initialValue(smtp, null)).toEqual({ secure: false }));
});

test('names of fields become words', () => {
  expect(['sev1', 'soakSeconds', 'replyUrl'].map(words)).toEqual(['SEV1', 'Soak seconds', 'Reply URL']);
});
