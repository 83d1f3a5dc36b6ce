/** Changes how long everything must stay true. */
import { Button, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import { endpoints } from '#contract/recovery';
import { CommandFormFrame, DurationInput, useCommandForm } from '../../kit/index.ts';

export function SoakButton(props: { incidentId: string; soakSeconds: number; mayShorten: boolean }) {
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button size="compact-sm" variant="subtle" onClick={() => setOpened(true)}>
        Change soak
      </Button>
      {opened && <SoakForm {...props} onClose={() => setOpened(false)} />}
    </>
  );
}

function SoakForm({
  incidentId,
  soakSeconds,
  mayShorten,
  onClose,
}: {
  incidentId: string;
  soakSeconds: number;
  mayShorten: boolean;
  onClose: () => void;
}) {
  const { form, submit, pending, problem } = useCommandForm(endpoints.setSoak, {
    initialValues: { seconds: soakSeconds as number | null, reason: '' },
    input: ({ seconds, reason }) => ({ params: { id: incidentId }, body: { seconds: seconds ?? 0, reason } }),
    done: 'Soak changed',
    onDone: onClose,
  });
  return (
    <Modal opened onClose={onClose} title="Change the soak">
      <CommandFormFrame
        submit={submit}
        pending={pending}
        problem={problem}
        save="Change soak"
        secondary={
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        }
      >
        <DurationInput
          label="Everything must stay true for"
          description={
            mayShorten ? undefined : 'You may make it longer; shorter needs the authority to declare restored.'
          }
          value={form.values.seconds}
          onChange={(seconds) => form.setFieldValue('seconds', seconds)}
          error={form.errors.seconds}
          required
        />
        <TextInput label="Why" required {...form.getInputProps('reason')} />
      </CommandFormFrame>
    </Modal>
  );
}
