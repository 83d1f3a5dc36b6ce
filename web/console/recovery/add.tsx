/** Adds an HTTP check to what must be true. */
import { Button, Modal, NumberInput, TextInput } from '@mantine/core';
import { endpoints } from '#contract/recovery';
import { CommandFormFrame, useCommandForm } from '../../kit/index.ts';

export function AddCriterion({ incidentId, onClose }: { incidentId: string; onClose: () => void }) {
  const { form, submit, pending, problem } = useCommandForm(endpoints.addCriterion, {
    initialValues: { name: '', url: '', expectStatus: '' as number | '', expectContains: '', expectJson: '' },
    input: ({ name, url, expectStatus, expectContains, expectJson }) => ({
      params: { id: incidentId },
      body: {
        name,
        url,
        ...(expectStatus !== '' && { expectStatus: Number(expectStatus) }),
        ...(expectContains && { expectContains }),
        ...(expectJson && { expectJson }),
      },
    }),
    done: 'Check added',
    onDone: onClose,
  });
  return (
    <Modal opened onClose={onClose} title="Add a readiness check">
      <CommandFormFrame
        submit={submit}
        pending={pending}
        problem={problem}
        save="Add check"
        secondary={
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        }
      >
        <TextInput label="What it shows" placeholder="Checkout answers" required {...form.getInputProps('name')} />
        <TextInput
          label="Address"
          placeholder="https://…"
          description="Asked with GET, every few seconds"
          required
          {...form.getInputProps('url')}
        />
        <NumberInput
          label="Status"
          description="Any 2xx when empty"
          min={100}
          max={599}
          hideControls
          {...form.getInputProps('expectStatus')}
        />
        <TextInput label="The answer contains" {...form.getInputProps('expectContains')} />
        <TextInput
          label="Condition on the JSON answer"
          placeholder="body.queue < 10.0"
          description="CEL over status, body and ms. A field that is missing makes it unknown."
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          {...form.getInputProps('expectJson')}
        />
      </CommandFormFrame>
    </Modal>
  );
}
