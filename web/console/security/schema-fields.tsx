/** Draws the fields of a JSON schema: text, numbers, yes or no, choices, lists of text, objects. Anything else as JSON. */
import {
  Fieldset,
  JsonInput,
  NumberInput,
  PasswordInput,
  Select,
  Stack,
  Switch,
  TagsInput,
  TextInput,
} from '@mantine/core';
import { sentence } from '../../kit/index.ts';

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

/** The schema without "or null", and whether null was possible. */
function unwrap(schema: JsonSchema): { schema: JsonSchema; nullable: boolean } {
  const some = schema.anyOf?.filter(({ type }) => type !== 'null');
  if (some && some.length === 1 && schema.anyOf!.length === 2)
    return {
      schema: { ...schema, ...some[0]!, anyOf: undefined },
      nullable: true,
    };
  return { schema, nullable: false };
}

/** What the form begins with: the value in force, else the schema's defaults. */
export function initialValue(given: JsonSchema, value: unknown): unknown {
  const { schema, nullable } = unwrap(given);
  if (value !== null && value !== undefined) return value;
  if (schema.default !== undefined) return schema.default;
  if (nullable) return null;
  if (schema.properties)
    return Object.fromEntries(
      Object.entries(schema.properties).flatMap(([name, inner]) => {
        const begin = initialValue(inner, undefined);
        return begin === undefined ? [] : [[name, begin]];
      }),
    );
  return undefined;
}

const words = (name: string): string => {
  const text = sentence(name.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase());
  return text
    .replace(/\burl\b/i, 'URL')
    .replace(/\bid\b/i, 'id')
    .replace(/\bsmtp\b/i, 'SMTP')
    .replace(/\btls\b/i, 'TLS');
};

interface FieldProps {
  schema: JsonSchema;
  value: unknown;
  onChange: (value: unknown) => void;
  disabled?: boolean;
  name?: string;
  required?: boolean;
}

/** The fields of a schema; an object's fields one below the other. */
export function SchemaFields(props: FieldProps) {
  const { schema, nullable } = unwrap(props.schema);
  const { value, onChange, disabled, name = 'value', required } = props;
  const common = {
    label: schema.title ?? words(name),
    description: schema.description,
    disabled,
  };
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  const emptied = (text: string) =>
    onChange(text === '' && (nullable || !required) ? (nullable ? null : undefined) : text);

  if (schema.properties) return <ObjectFields {...props} schema={schema} />;
  if (schema.enum) {
    return (
      <Select
        {...common}
        data={schema.enum.map(String)}
        value={value === undefined || value === null ? null : String(value)}
        onChange={(next) => onChange(next)}
        clearable={!required}
      />
    );
  }
  if (type === 'boolean') {
    return <Switch {...common} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />;
  }
  if (type === 'number' || type === 'integer') {
    return (
      <NumberInput
        {...common}
        value={typeof value === 'number' ? value : ''}
        min={schema.minimum}
        max={schema.maximum}
        allowDecimal={type === 'number'}
        maw={220}
        onChange={(next) => onChange(next === '' ? (nullable ? null : undefined) : Number(next))}
      />
    );
  }
  if (type === 'string') {
    const Input = /password|secret|token$/i.test(name) ? PasswordInput : TextInput;
    return (
      <Input
        {...common}
        value={typeof value === 'string' ? value : ''}
        onChange={(event) => emptied(event.currentTarget.value)}
        autoComplete="off"
      />
    );
  }
  if (type === 'array' && schema.items?.type === 'string') {
    return <TagsInput {...common} value={Array.isArray(value) ? value.map(String) : []} onChange={onChange} />;
  }
  return (
    <JsonInput
      {...common}
      autosize
      minRows={3}
      formatOnBlur
      defaultValue={JSON.stringify(value ?? null, null, 2)}
      onBlur={(event) => onChange(parse(event.currentTarget.value, value))}
    />
  );
}

function ObjectFields({ schema, value, onChange, disabled, name }: FieldProps) {
  const fields = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const inner = Object.entries(schema.properties!).map(([field, of]) => (
    <SchemaFields
      key={field}
      schema={of}
      name={field}
      value={fields[field]}
      required={schema.required?.includes(field)}
      disabled={disabled}
      onChange={(next) => {
        const { [field]: _, ...rest } = fields;
        onChange(next === undefined ? rest : { ...fields, [field]: next });
      }}
    />
  ));
  if (!name) return <>{inner}</>;
  return (
    <Fieldset legend={schema.title ?? words(name)}>
      <Stack gap="sm">{inner}</Stack>
    </Fieldset>
  );
}

function parse(text: string, fallback: unknown): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return fallback;
  }
}
