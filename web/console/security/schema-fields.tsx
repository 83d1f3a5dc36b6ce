/** Draws the fields of a setting from its schema. */
import {
  ActionIcon,
  Button,
  Fieldset,
  JsonInput,
  MultiSelect,
  NumberInput,
  PasswordInput,
  Select,
  Switch,
  TagsInput,
  TextInput,
} from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { areas } from '../areas.ts';
import { initialValue, type JsonSchema, type Shape, shapeOf, unwrap, words } from './schema.ts';
import classes from './settings.module.css';

export interface FieldProps {
  schema: JsonSchema;
  value: unknown;
  onChange: (value: unknown) => void;
  disabled?: boolean;
  /** The field's name; the outermost value has none. */
  name?: string;
  required?: boolean;
}

type Of<K extends Shape['kind']> = Extract<Shape, { kind: K }>;
type Fields = Record<string, unknown>;
const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});

/** The field of a schema; an object's fields beside and below each other. */
export function SchemaFields(props: FieldProps) {
  const { schema, nullable } = unwrap(props.schema);
  const { name = '', value, onChange, disabled, required } = props;
  const shape = shapeOf(schema);
  const common = { label: schema.title ?? words(name), description: schema.description, disabled };
  const empty = nullable ? null : undefined;
  const Picker = pickerOf(name);
  if (Picker) return <Picker {...common} value={value} onChange={onChange} />;
  switch (shape.kind) {
    case 'object':
      return <ObjectFields {...props} shape={shape} nullable={nullable} label={common.label} />;
    case 'matrix':
      return <Matrix {...props} shape={shape} />;
    case 'rows':
      return <Rows {...props} shape={shape} label={common.label} />;
    case 'choice':
      return (
        <Choice
          {...common}
          options={shape.options}
          value={value}
          onChange={onChange}
          clearable={nullable || !required}
        />
      );
    case 'choices':
      return <Choices {...common} options={shape.options} value={value} onChange={onChange} />;
    case 'texts':
      return (
        <TagsInput
          {...common}
          className={classes.wide}
          value={Array.isArray(value) ? value.map(String) : []}
          onChange={onChange}
        />
      );
    case 'boolean':
      return (
        <Switch
          {...common}
          className={classes.wide}
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case 'number':
      return <NumberField {...common} shape={shape} value={value} onChange={(next) => onChange(next ?? empty)} />;
    case 'text': {
      const Input = /password|secret|token$/i.test(name) ? PasswordInput : TextInput;
      const text = typeof value === 'string' ? value : '';
      const change = (next: string) => onChange(next === '' && (nullable || !required) ? empty : next);
      return (
        <Input {...common} value={text} onChange={(event) => change(event.currentTarget.value)} autoComplete="off" />
      );
    }
    case 'json':
      return <Json {...common} value={value} onChange={onChange} />;
  }
}

const pickerOf = (name: string) => areas.find(({ area }) => area.pickers?.[name])?.area.pickers?.[name];

interface Common {
  label: string;
  description?: string;
  disabled?: boolean;
  value: unknown;
  onChange: (value: unknown) => void;
}

const labelOf = (option: unknown): string => (typeof option === 'string' ? words(option) : String(option));

function Choice({ options, value, onChange, clearable, ...rest }: Common & { options: unknown[]; clearable: boolean }) {
  const chosen = value === undefined || value === null ? null : String(value);
  const typed = (next: string | null) => onChange(options.find((option) => String(option) === next) ?? null);
  const data = options.map((option) => ({ value: String(option), label: labelOf(option) }));
  return (
    <Select
      {...rest}
      data={data}
      value={chosen}
      onChange={typed}
      clearable={clearable}
      placeholder={clearable ? 'Any' : undefined}
    />
  );
}

function Choices({ options, value, onChange, ...rest }: Common & { options: unknown[] }) {
  const chosen = Array.isArray(value) ? value.map(String) : [];
  const typed = (next: string[]) => onChange(options.filter((option) => next.includes(String(option))));
  const data = options.map((option) => ({ value: String(option), label: labelOf(option) }));
  return <MultiSelect {...rest} data={data} value={chosen} onChange={typed} />;
}

function NumberField({ shape, value, onChange, ...rest }: Common & { shape: Of<'number'> }) {
  return (
    <NumberInput
      {...rest}
      value={typeof value === 'number' ? value : ''}
      min={shape.minimum}
      max={shape.maximum}
      allowDecimal={!shape.integer}
      onChange={(next) => onChange(next === '' ? undefined : Number(next))}
    />
  );
}

function Json({ value, onChange, ...rest }: Common) {
  const read = (text: string) => {
    try {
      onChange(JSON.parse(text));
    } catch {
      // Not JSON yet: the field says so itself.
    }
  };
  return (
    <JsonInput
      {...rest}
      className={classes.wide}
      autosize
      minRows={3}
      formatOnBlur
      validationError="This is not valid JSON"
      defaultValue={JSON.stringify(value ?? null, null, 2)}
      onChange={read}
    />
  );
}

/** An object's fields. One that may be absent has a switch. */
function ObjectFields(props: FieldProps & { shape: Of<'object'>; nullable: boolean; label: string }) {
  const { shape, nullable, label, schema, value, onChange, disabled, name } = props;
  const fields = fieldsOf(value);
  const inner = shape.fields.map(([field, of]) => (
    <SchemaFields
      key={field}
      schema={of}
      name={field}
      value={fields[field]}
      required={shape.required.includes(field)}
      disabled={disabled}
      onChange={(next) => {
        const { [field]: _, ...rest } = fields;
        onChange(next === undefined ? rest : { ...fields, [field]: next });
      }}
    />
  ));
  if (!name) return <div className={classes.fields}>{inner}</div>;
  const on = value !== null && value !== undefined;
  const toggle = (
    <Switch
      label={label}
      checked={on}
      disabled={disabled}
      onChange={(event) =>
        onChange(event.currentTarget.checked ? initialValue({ ...unwrap(schema).schema }, undefined) : null)
      }
    />
  );
  return (
    <Fieldset className={classes.wide} legend={nullable ? toggle : label}>
      {on || !nullable ? <div className={classes.fields}>{inner}</div> : <span className={classes.off}>Off</span>}
    </Fieldset>
  );
}

/** Objects with the same numbers, as a table. */
function Matrix({ shape, value, onChange, disabled }: FieldProps & { shape: Of<'matrix'> }) {
  const table = fieldsOf(value);
  const set = (column: string, row: string, next: unknown) =>
    onChange({ ...table, [column]: { ...fieldsOf(table[column]), [row]: next ?? null } });
  return (
    <div className={classes.matrixFrame}>
      <table className={classes.matrix}>
        <thead>
          <tr>
            <td />
            {shape.columns.map((column) => (
              <th key={column} scope="col">
                {words(column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shape.rows.map((row) => (
            <tr key={row}>
              <th scope="row">{words(row)}</th>
              {shape.columns.map((column) => {
                const cell = unwrap(shape.cell(column, row)).schema;
                const held = fieldsOf(table[column])[row];
                return (
                  <td key={column}>
                    <NumberInput
                      size="xs"
                      hideControls
                      aria-label={`${words(row)}, ${words(column)}`}
                      value={typeof held === 'number' ? held : ''}
                      placeholder="–"
                      min={cell.minimum}
                      max={cell.maximum}
                      disabled={disabled}
                      onChange={(next) => set(column, row, next === '' ? undefined : Number(next))}
                    />
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A list of objects, one row of fields each. */
function Rows({ shape, label, value, onChange, disabled }: FieldProps & { shape: Of<'rows'>; label: string }) {
  const rows = Array.isArray(value) ? value : [];
  const replace = (index: number, next: unknown) => onChange(rows.map((row, at) => (at === index ? next : row)));
  return (
    <Fieldset className={classes.wide} legend={label}>
      {rows.map((row, index) => (
        <div key={index} className={classes.row}>
          <SchemaFields schema={shape.item} value={row} disabled={disabled} onChange={(next) => replace(index, next)} />
          {!disabled && (
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Remove row ${index + 1}`}
              onClick={() => onChange(rows.filter((_, at) => at !== index))}
            >
              <IconTrash size={16} />
            </ActionIcon>
          )}
        </div>
      ))}
      {!disabled && (
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => onChange([...rows, initialValue(shape.item, undefined)])}
        >
          Add a row
        </Button>
      )}
    </Fieldset>
  );
}
