/** The fields of a new account: name, e-mail where it is not known yet, password, time zone. */
import { Button, PasswordInput, Select, Stack, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { ProblemAlert } from '../../../kit/index.ts';

export interface AccountValues {
  [field: string]: unknown;
  name: string;
  password: string;
  timeZone: string;
}

export const browserZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
export const accountDefaults = (): AccountValues => ({
  name: '',
  password: '',
  timeZone: browserZone(),
});

/** What can be told before asking the server. */
export const checkAccount = {
  name: (value: string) => (value.trim() === '' ? 'Your name is needed: colleagues see it beside what you do' : null),
  password: (value: string) => (value.length < 10 ? 'At least 10 characters' : null),
};

/** Every zone the browser knows, the own one first. */
export const zoneNames = (): string[] => {
  const own = browserZone();
  return [...new Set([own, 'UTC', ...Intl.supportedValuesOf('timeZone')])];
};

export function ZoneSelect(props: {
  value?: string;
  onChange?: (value: string | null) => void;
  error?: React.ReactNode;
}) {
  return (
    <Select
      label="Time zone"
      description="Times are shown in it, and your on-call hours count in it."
      data={zoneNames()}
      searchable
      allowDeselect={false}
      nothingFoundMessage="No such zone. Try the name of a large city."
      limit={60}
      {...props}
    />
  );
}

export function AccountFields<V extends AccountValues>(props: {
  form: UseFormReturnType<V>;
  submit: (event?: React.FormEvent<HTMLFormElement>) => void;
  pending: boolean;
  problem: unknown;
  withEmail?: boolean;
  save: string;
}) {
  const { form, submit, pending, problem, withEmail, save } = props;
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <TextInput label="Your name" name="name" autoComplete="name" autoFocus {...form.getInputProps('name')} />
        {withEmail && (
          <TextInput
            label="E-mail"
            type="email"
            name="email"
            autoComplete="username"
            {...form.getInputProps('email')}
          />
        )}
        <PasswordInput
          label="Password"
          description="At least 10 characters. A few unrelated words are good."
          name="password"
          autoComplete="new-password"
          {...form.getInputProps('password')}
        />
        <ZoneSelect {...form.getInputProps('timeZone')} />
        <ProblemAlert error={problem} />
        <Button type="submit" fullWidth size="md" loading={pending}>
          {save}
        </Button>
      </Stack>
    </form>
  );
}
