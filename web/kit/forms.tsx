/** Forms: the server's field errors land on their fields, durations are typed in the unit a person thinks in. */
import { Button, Group, Input, NumberInput, Select, Stack } from '@mantine/core';
import { type UseFormReturnType, useForm } from '@mantine/form';
import { type ReactNode, useId, useState } from 'react';
import { type AnyEndpoint, asProblem, type InputOf } from './api.ts';
import { ProblemAlert } from './feedback.tsx';
import { fieldErrors } from './field-errors.ts';
import { type CommandOptions, useCommand } from './queries.ts';

export interface CommandFormOptions<E extends AnyEndpoint, V extends Record<string, unknown>> extends Pick<
  CommandOptions<E>,
  'done' | 'onDone'
> {
  initialValues: V;
  /** From what is on the screen to what the endpoint takes. */
  input: (values: V) => InputOf<E>;
  /** Checks before asking the server; a message per field, or null. The server checks all the same. */
  validate?: Parameters<typeof useForm<V>>[0] extends infer O ? (O extends { validate?: infer F } ? F : never) : never;
}

export interface CommandForm<V extends Record<string, unknown>> {
  form: UseFormReturnType<V>;
  /** Goes on the `<form>` element. */
  submit: (event?: React.FormEvent<HTMLFormElement>) => void;
  pending: boolean;
  /** What was refused and does not belong to a field on the screen; show it with `<FormProblem>`. */
  problem: unknown;
}

/** A form that runs a command: `const { form, submit, pending, problem } = useCommandForm(endpoint, {...})`. */
export function useCommandForm<E extends AnyEndpoint, V extends Record<string, unknown>>(
  endpoint: E,
  options: CommandFormOptions<E, V>,
): CommandForm<V> {
  const form = useForm<V>({
    initialValues: options.initialValues,
    validate: options.validate as never,
  });
  const command = useCommand(endpoint, {
    done: options.done,
    onDone: options.onDone,
    problems: 'inline',
  });
  const [problem, setProblem] = useState<unknown>();
  const submit = form.onSubmit((values) => {
    setProblem(undefined);
    command.mutate(options.input(values), {
      onError: (error) => {
        const mine = Object.entries(fieldErrors(error)).filter(([path]) => path.split('.')[0]! in values);
        for (const [path, message] of mine) form.setFieldError(path, message);
        const all = asProblem(error).errors?.length ?? 0;
        setProblem(mine.length > 0 && mine.length === all ? undefined : error);
      },
    });
  });
  return { form, submit, pending: command.isPending, problem };
}

/** The form element with its refusal and its buttons; the save button is last and says what it does. */
export function CommandFormFrame(props: {
  submit: CommandForm<Record<string, unknown>>['submit'];
  pending: boolean;
  problem?: unknown;
  save: string;
  /** For people who may look but not change. */
  hideSave?: boolean;
  /** Left of the save button: usually "Cancel". */
  secondary?: ReactNode;
  children: ReactNode;
}) {
  return (
    <form onSubmit={props.submit} noValidate>
      <Stack gap="md">
        {props.children}
        <ProblemAlert error={props.problem} />
        {!props.hideSave && (
          <Group justify="flex-end" gap="xs">
            {props.secondary}
            <Button type="submit" loading={props.pending}>
              {props.save}
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  );
}

const units = [
  { value: '1', label: 'seconds' },
  { value: '60', label: 'minutes' },
  { value: '3600', label: 'hours' },
  { value: '86400', label: 'days' },
];

export interface DurationInputProps {
  label: string;
  description?: ReactNode;
  error?: ReactNode;
  /** Whole seconds. */
  value: number | null;
  onChange: (seconds: number | null) => void;
  required?: boolean;
}

/** A length of time in whole seconds, typed as a number and a unit. */
export function DurationInput({ label, description, error, value, onChange, required }: DurationInputProps) {
  const id = useId();
  const [unit, setUnit] = useState(() => bestUnit(value));
  return (
    <Input.Wrapper id={id} label={label} description={description} error={error} required={required}>
      <Group gap="xs" wrap="nowrap" mt={4}>
        <NumberInput
          id={id}
          min={0}
          allowDecimal={false}
          allowNegative={false}
          value={value === null ? '' : value / unit}
          onChange={(next) => onChange(next === '' ? null : Math.round(Number(next) * unit))}
          w={110}
        />
        <Select
          aria-label={`${label}: unit`}
          data={units}
          value={String(unit)}
          allowDeselect={false}
          onChange={(next) => {
            const factor = Number(next);
            if (value !== null) onChange(Math.round((value / unit) * factor));
            setUnit(factor);
          }}
          w={130}
        />
      </Group>
    </Input.Wrapper>
  );
}

/** The largest unit in which the value is a whole number. */
function bestUnit(value: number | null): number {
  if (!value) return 60;
  return [86_400, 3_600, 60].find((factor) => value % factor === 0) ?? 1;
}
