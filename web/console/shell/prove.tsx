/** Asks for the code of the second factor, over the page, when a command takes one. */
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { endpoints as security } from '#contract/security';
import { ProblemAlert, useCommandForm } from '../../kit/index.ts';
import { onAskProof } from '../../kit/proof.ts';

export function Prove() {
  const [answer, setAnswer] = useState<(proven: boolean) => void>();
  useEffect(() => onAskProof((given) => setAnswer(() => given)), []);
  const close = (proven: boolean) => {
    answer?.(proven);
    setAnswer(undefined);
  };
  return (
    <Modal opened={answer !== undefined} onClose={() => close(false)} title="Your code, please">
      {answer && <Ask onDone={() => close(true)} onCancel={() => close(false)} />}
    </Modal>
  );
}

function Ask({ onDone, onCancel }: { onDone: () => void; onCancel: () => void }) {
  const { form, submit, pending, problem } = useCommandForm(security.proveFactor, {
    initialValues: { code: '' },
    input: ({ code }) => ({ body: { code } }),
    onDone,
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <Text fz="sm">This step cannot be taken back, so it asks who you are. Then it goes on by itself.</Text>
        <CodeInput {...form.getInputProps('code')} data-autofocus />
        <ProblemAlert error={problem} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onCancel}>
            Not now
          </Button>
          <Button type="submit" loading={pending}>
            Go on
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Where a code is typed; phones offer the one that is on the screen. */
export function CodeInput(props: Record<string, unknown>) {
  return (
    <TextInput
      label="Code"
      description="Six digits from your authenticator app, or a recovery code."
      inputMode="text"
      autoComplete="one-time-code"
      autoCapitalize="off"
      spellCheck={false}
      required
      withAsterisk={false}
      {...props}
    />
  );
}
