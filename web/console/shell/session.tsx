/** Lets in who is signed in, keeps the page fresh by the stream, and asks again in place when the session ends. */
import { Button, Center, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { endpoints as security } from '#contract/security';
import { asProblem, onSignedOut } from '../../kit/api.ts';
import { ProblemAlert, ProblemError, useCommandForm, useGo, useQueryOf } from '../../kit/index.ts';
import { startLive } from '../../kit/live.ts';
import { MeContext } from '../../kit/session.ts';
import { liveMap } from './live-map.ts';
import { Mark } from './mark.tsx';
import { CodeInput, Prove } from './prove.tsx';

/** Shows its children to a person who is signed in; sends everybody else to the sign-in page. */
export function SessionGate({ ahead, children }: { ahead: (path: string) => Promise<void>; children: ReactNode }) {
  const me = useQueryOf(security.me);
  const [lost, setLost] = useState(false);
  const ready = useScreenAhead(ahead);
  const stranger = me.error instanceof ProblemError && me.error.status === 401;
  useSignInFirst(stranger);

  useEffect(() => onSignedOut(() => setLost(true)), []);
  useStream(me.data !== undefined && !lost);

  if (me.data && ready) {
    return (
      <MeContext value={me.data}>
        {children}
        <Prove />
        <SignInAgain opened={lost} email={me.data.user.email} onDone={() => setLost(false)} />
      </MeContext>
    );
  }
  return (
    <Center mih="100dvh" p="md">
      {me.error && !stranger ? (
        <Stack maw={460}>
          <ProblemAlert error={me.error} retry={() => void me.refetch()} />
        </Stack>
      ) : (
        <span aria-busy="true" role="status" aria-label="Opening Evenkeel">
          <Mark size={40} />
        </span>
      )}
    </Center>
  );
}

/** Waits a moment for the part of the program that shows this address, so that its first picture is the right one. */
function useScreenAhead(ahead: (path: string) => Promise<void>): boolean {
  const [ready, setReady] = useState(false);
  useEffect(() => {
    const go = () => setReady(true);
    const timer = setTimeout(go, 400);
    void ahead(location.pathname).then(go);
    return () => clearTimeout(timer);
  }, [ahead]);
  return ready;
}

/** Sends a stranger to the sign-in page, once, remembering where they wanted to go. */
function useSignInFirst(stranger: boolean): void {
  const go = useGo();
  const leaving = useRef(false);
  useEffect(() => {
    if (!stranger || leaving.current) return;
    leaving.current = true;
    const wanted = location.pathname + location.search;
    go(wanted === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(wanted)}`, { replace: true });
  }, [stranger, go]);
}

function useStream(on: boolean): void {
  const client = useQueryClient();
  useEffect(() => (on ? startLive(client, '/api/v1/stream', liveMap) : undefined), [client, on]);
}

/** Whether this sign-in takes a code; stays so once it was asked. */
export function useCodeAsked(problem: unknown): boolean {
  const [asked, setAsked] = useState(false);
  const now = problem !== undefined && (asProblem(problem).rule ?? '').startsWith('security.second_factor');
  useEffect(() => {
    if (now) setAsked(true);
  }, [now]);
  return asked || now;
}

/** Over the page, so that nothing typed below is lost when a session ends. */
function SignInAgain({ opened, email, onDone }: { opened: boolean; email: string; onDone: () => void }) {
  const client = useQueryClient();
  const { form, submit, pending, problem } = useCommandForm(security.signIn, {
    initialValues: { password: '', code: '' },
    input: ({ password, code }) => ({ body: { email, password, ...(code && { code }) } }),
    onDone: () => {
      form.reset();
      onDone();
      void client.invalidateQueries();
    },
  });
  const asked = useCodeAsked(problem);
  return (
    <Modal
      opened={opened}
      onClose={() => undefined}
      withCloseButton={false}
      title="Your session has ended"
      closeOnEscape={false}
    >
      <form onSubmit={submit}>
        <Stack>
          <Text fz="sm">Sign in again as {email}. What you have typed on this page is kept.</Text>
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            data-autofocus
            {...form.getInputProps('password')}
          />
          {asked && <CodeInput {...form.getInputProps('code')} />}
          <ProblemAlert error={problem} />
          <Group justify="space-between">
            <Button component="a" href="/sign-in" variant="subtle">
              Leave this page
            </Button>
            <Button type="submit" loading={pending}>
              Sign in
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
