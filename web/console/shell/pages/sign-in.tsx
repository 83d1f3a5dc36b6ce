/** Signing in. Leads on to where the person wanted to go. */
import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { endpoints as security } from '#contract/security';
import { Hint, keyOf, ProblemAlert, useCommandForm, useGo, usePageSearch, useQueryOf } from '../../../kit/index.ts';
import { safeNext } from '../../../kit/safe-next.ts';
import { CodeInput } from '../prove.tsx';
import { useCodeAsked } from '../session.tsx';
import { OpenFrame } from './open-frame.tsx';

export function SignIn() {
  const [{ next }] = usePageSearch<'next'>();
  const go = useGo();
  const client = useQueryClient();
  const setup = useQueryOf(security.setupStatus);
  const { form, submit, pending, problem } = useCommandForm(security.signIn, {
    initialValues: { email: '', password: '', code: '' },
    input: ({ code, ...values }) => ({ body: { ...values, ...(code && { code }) } }),
    onDone: (me) => {
      client.clear();
      client.setQueryData(keyOf(security.me), me);
      go(safeNext(next), { replace: true });
    },
  });
  const asked = useCodeAsked(problem);
  const waits = asked && form.values.code === '' && problem !== undefined;
  useEffect(() => {
    if (problem) document.getElementById(asked ? 'code' : 'password')?.focus();
  }, [problem, asked]);

  return (
    <OpenFrame title="Sign in" foot="No account? Ask an administrator of your team for an invitation link.">
      {setup.data?.needed && (
        <Hint title="Nobody has an account yet." tone="notice">
          Open the set-up link that the server printed when it started, to make the first administrator.
        </Hint>
      )}
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label="E-mail"
            type="email"
            name="email"
            autoComplete="username"
            autoFocus
            required
            withAsterisk={false}
            {...form.getInputProps('email')}
          />
          <PasswordInput
            id="password"
            label="Password"
            name="password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            {...form.getInputProps('password')}
          />
          {asked && <CodeInput id="code" {...form.getInputProps('code')} />}
          {!waits && <ProblemAlert error={problem} />}
          <Button type="submit" fullWidth size="md" loading={pending}>
            Sign in
          </Button>
        </Stack>
      </form>
    </OpenFrame>
  );
}
