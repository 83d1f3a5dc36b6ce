/** Fields as a kind of monitor describes them: one renderer for each type of field, none for a kind. */
import { Button, NumberInput, PasswordInput, Select, Switch, Textarea, TextInput } from '@mantine/core';
import type { MonitorField } from '#contract/signals';
import { Actions, Assertions, Steps } from './editors.tsx';
import classes from './monitors.module.css';

/** As much of the form as fields need; every value lies below `spec`. */
export interface SpecForm {
  values: { spec: Record<string, unknown>; secrets: Record<string, string> };
  errors: Record<string, React.ReactNode>;
  getInputProps(path: string): Record<string, unknown>;
  setFieldValue(path: string, value: unknown): void;
  insertListItem(path: string, item: unknown): void;
  removeListItem(path: string, index: number): void;
}

interface Props {
  field: MonitorField;
  form: SpecForm;
  /** Names of secrets that are kept already. */
  kept: string[];
}

export function KindField({ field, form, kept }: Props) {
  const path = `spec.${field.name}`;
  const common = {
    label: field.label,
    description: field.help,
    placeholder: field.placeholder,
    required: field.required,
  };
  switch (field.type) {
    case 'text':
    case 'url':
      return (
        <TextInput
          {...common}
          {...(field.type === 'url' ? { inputMode: 'url' as const } : {})}
          {...form.getInputProps(path)}
        />
      );
    case 'number':
      return <NumberInput {...common} {...form.getInputProps(path)} />;
    case 'long':
      return <Textarea {...common} autosize minRows={2} maxRows={12} {...form.getInputProps(path)} />;
    case 'code':
      return (
        <Textarea
          {...common}
          autosize
          minRows={2}
          maxRows={12}
          ff="monospace"
          spellCheck={false}
          {...form.getInputProps(path)}
        />
      );
    case 'choice':
      return <Select {...common} data={field.choices ?? []} allowDeselect={false} {...form.getInputProps(path)} />;
    case 'switch':
      return <Switch label={field.label} description={field.help} {...form.getInputProps(path)} />;
    case 'pairs':
      return <Pairs legend={field.label} path={path} form={form} />;
    case 'assertions':
      return (
        <Assertions legend={field.label} help={field.help} path={path} subjects={field.subjects ?? []} form={form} />
      );
    case 'steps':
      return <Steps help={field.help} path={path} subjects={field.subjects ?? []} form={form} />;
    case 'actions':
      return <Actions help={field.help} path={path} form={form} />;
    case 'secret':
      return <Secret {...common} name={field.name} form={form} kept={kept.includes(field.name)} />;
    case 'secrets':
      return <Secrets legend={field.label} help={field.help} form={form} kept={kept} />;
  }
}

/** Names and values: headers. */
export function Pairs({ legend, path, form }: { legend: string; path: string; form: SpecForm }) {
  const rows = (at(form.values, path) ?? []) as { name: string; value: string }[];
  return (
    <fieldset className={classes.group}>
      <legend>{legend}</legend>
      {rows.map((_row, n) => (
        <div key={n} className={classes.line}>
          <TextInput
            className={classes.grow}
            aria-label={`${legend} ${n + 1}: name`}
            placeholder="Name"
            {...form.getInputProps(`${path}.${n}.name`)}
          />
          <TextInput
            className={classes.grow}
            aria-label={`${legend} ${n + 1}: value`}
            placeholder="Value"
            {...form.getInputProps(`${path}.${n}.value`)}
          />
          <Button
            variant="subtle"
            onClick={() => form.removeListItem(path, n)}
            aria-label={`Remove ${legend} ${n + 1}`}
          >
            Remove
          </Button>
        </div>
      ))}
      <div>
        <Button size="xs" variant="default" onClick={() => form.insertListItem(path, { name: '', value: '' })}>
          Add
        </Button>
      </div>
    </fieldset>
  );
}

function Secret({ name, form, kept, ...common }: { name: string; form: SpecForm; kept: boolean; label: string }) {
  return (
    <PasswordInput
      {...common}
      placeholder={kept ? 'Kept. Type to replace it.' : (common as { placeholder?: string }).placeholder}
      autoComplete="off"
      value={form.values.secrets[name] ?? ''}
      onChange={(event) => form.setFieldValue('secrets', changed(form.values.secrets, name, event.currentTarget.value))}
      error={form.errors[`secrets.${name}`]}
    />
  );
}

/** An empty text is not sent: what is kept stays. */
const changed = (secrets: Record<string, string>, name: string, value: string) => {
  const { [name]: _old, ...others } = secrets;
  return value === '' ? others : { ...others, [name]: value };
};

function Secrets({ legend, help, form, kept }: { legend: string; help?: string; form: SpecForm; kept: string[] }) {
  const names = [...new Set([...kept, ...Object.keys(form.values.secrets)])];
  const fresh = () => {
    for (let n = 1; ; n++) if (!names.includes(`secret_${n}`)) return `secret_${n}`;
  };
  return (
    <fieldset className={classes.group}>
      <legend>{legend}</legend>
      {help && <span className={classes.help}>{help}</span>}
      {names.map((name) => (
        <div key={name} className={classes.line}>
          <TextInput
            aria-label={`Secret: name`}
            value={name}
            readOnly={kept.includes(name)}
            onChange={(event) => {
              const next = event.currentTarget.value.replaceAll(/\W/g, '');
              const { [name]: value = '', ...others } = form.values.secrets;
              if (next && !names.includes(next)) form.setFieldValue('secrets', { ...others, [next]: value });
            }}
          />
          <PasswordInput
            className={classes.grow}
            aria-label={`Secret ${name}: value`}
            autoComplete="off"
            placeholder={kept.includes(name) ? 'Kept. Type to replace it.' : 'Value'}
            value={form.values.secrets[name] ?? ''}
            error={form.errors[`secrets.${name}`]}
            onChange={(event) =>
              form.setFieldValue('secrets', { ...form.values.secrets, [name]: event.currentTarget.value })
            }
          />
        </div>
      ))}
      <div>
        <Button
          size="xs"
          variant="default"
          onClick={() => form.setFieldValue('secrets', { ...form.values.secrets, [fresh()]: '' })}
        >
          Add a secret
        </Button>
      </div>
    </fieldset>
  );
}

/** The value at a dotted path. */
export const at = (from: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], from);
