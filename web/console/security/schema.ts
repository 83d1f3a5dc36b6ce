/** Reads a JSON schema the way a form needs it. Pure. */
import { sentence } from '../../kit/tones.ts';

export interface JsonSchema {
  type?: string | string[];
  title?: string;
  description?: string;
  default?: unknown;
  enum?: unknown[];
  const?: unknown;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  minimum?: number;
  maximum?: number;
}

export type Shape =
  | { kind: 'object'; fields: [string, JsonSchema][]; required: string[] }
  /** Objects with the same numeric fields: a table. `rows` are their fields, `columns` their names. */
  | { kind: 'matrix'; rows: string[]; columns: string[]; cell: (column: string, row: string) => JsonSchema }
  | { kind: 'choice'; options: unknown[] }
  | { kind: 'choices'; options: unknown[] }
  | { kind: 'texts' }
  | { kind: 'rows'; item: JsonSchema }
  | { kind: 'boolean' }
  | { kind: 'number'; integer: boolean; minimum?: number; maximum?: number }
  | { kind: 'text' }
  | { kind: 'json' };

/** The schema without "or null", and whether null was possible. */
export function unwrap(schema: JsonSchema): { schema: JsonSchema; nullable: boolean } {
  const some = schema.anyOf?.filter(({ type }) => type !== 'null') ?? [];
  if (schema.anyOf && some.length < schema.anyOf.length) {
    const rest = some.length === 1 ? some[0]! : { anyOf: some };
    return { schema: { ...rest, title: schema.title ?? rest.title, default: schema.default }, nullable: true };
  }
  return { schema, nullable: false };
}

const optionsOf = (schema: JsonSchema): unknown[] | undefined => {
  if (schema.enum) return schema.enum;
  if (schema.anyOf?.every((one) => 'const' in one)) return schema.anyOf.map((one) => one.const);
  return undefined;
};

/** The numbers of a narrow range (severities 1 to 4) as options. */
function rangeOf({ type, minimum, maximum }: JsonSchema): number[] | undefined {
  if (type !== 'integer' || minimum === undefined || maximum === undefined || maximum - minimum > 9) return undefined;
  return Array.from({ length: maximum - minimum + 1 }, (_, index) => minimum + index);
}

const isNumber = (schema: JsonSchema): boolean => ['number', 'integer'].includes(String(unwrap(schema).schema.type));

/** What kind of field a schema (already unwrapped) wants. */
export function shapeOf(schema: JsonSchema): Shape {
  const options = optionsOf(schema);
  if (options) return { kind: 'choice', options };
  if (schema.properties) return matrixOf(schema.properties) ?? objectOf(schema);
  if (schema.type === 'array' && schema.items) {
    const choices = optionsOf(schema.items) ?? rangeOf(schema.items);
    if (choices) return { kind: 'choices', options: choices };
    if (schema.items.type === 'string') return { kind: 'texts' };
    if (schema.items.properties) return { kind: 'rows', item: schema.items };
  }
  if (schema.type === 'boolean') return { kind: 'boolean' };
  if (isNumber(schema)) {
    return { kind: 'number', integer: schema.type === 'integer', minimum: schema.minimum, maximum: schema.maximum };
  }
  return { kind: schema.type === 'string' ? 'text' : 'json' };
}

const objectOf = (schema: JsonSchema): Shape => ({
  kind: 'object',
  fields: Object.entries(schema.properties ?? {}),
  required: schema.required ?? [],
});

function matrixOf(properties: Record<string, JsonSchema>): Shape | undefined {
  const columns = Object.keys(properties);
  const rows = Object.keys(properties[columns[0]!]?.properties ?? {});
  const cell = (column: string, row: string): JsonSchema => properties[column]?.properties?.[row] ?? {};
  const same = columns.every((column) => Object.keys(properties[column]?.properties ?? {}).join() === rows.join());
  const numeric = columns.every((column) => rows.every((row) => isNumber(cell(column, row))));
  return columns.length > 1 && rows.length > 2 && same && numeric ? { kind: 'matrix', rows, columns, cell } : undefined;
}

/** What the form begins with: the value in force, else the schema's defaults. */
export function initialValue(given: JsonSchema, value: unknown): unknown {
  const { schema, nullable } = unwrap(given);
  if (value !== null && value !== undefined) return value;
  if (schema.default !== undefined) return schema.default;
  // An optional object is shown with its fields, ready to be filled in.
  if (!schema.properties) return nullable ? null : undefined;
  const fields = Object.entries(schema.properties).map(([name, inner]) => [name, initialValue(inner, undefined)]);
  return Object.fromEntries(fields.filter(([, begin]) => begin !== undefined));
}

/** `sev1` -> `SEV1`, `soakSeconds` -> `Soak seconds`, `perAddressPerHour` -> `Per address per hour`. */
export function words(name: string): string {
  if (/^sev\d$/.test(name)) return name.toUpperCase();
  const text = sentence(name.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase());
  return text.replace(/\b(url|smtp|tls)\b/gi, (word) => word.toUpperCase());
}
