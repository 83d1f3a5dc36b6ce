/** Asking for the review of an incident whose severity requires none: what surprised us teaches as well. */
import { Button, Modal, Select, TextInput } from '@mantine/core';
import { endpoints as incidents } from '#contract/incidents';
import { endpoints as learning } from '#contract/learning';
import { CommandFormFrame, useCommandForm, useGo, useQueryOf } from '../../kit/index.ts';

export function Ask({ onClose }: { onClose: () => void }) {
  const go = useGo();
  const ended = useQueryOf(incidents.list, { query: { limit: 200 } }).data?.items ?? [];
  const { form, submit, pending, problem } = useCommandForm(learning.requestReview, {
    initialValues: { incidentId: null as string | null, because: '' },
    validate: { incidentId: (value: string | null) => (value ? null : 'Choose an incident') },
    input: ({ incidentId, because }) => ({ body: { incidentId: incidentId ?? '', because } }),
    done: 'The review is opened, filled in from the record',
    onDone: ({ id }) => go(`/reviews/${id}`),
  });
  return (
    <Modal opened onClose={onClose} title="Ask for a review">
      <CommandFormFrame
        submit={submit as never}
        pending={pending}
        problem={problem}
        save="Open the review"
        secondary={
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        }
      >
        <Select
          label="Incident"
          description="Restored or closed; a SEV1 or SEV2 has its review already."
          searchable
          data={ended
            .filter(({ restoredAt }) => restoredAt !== null)
            .map(({ id, key, title }) => ({ value: id, label: `${key} ${title}` }))}
          {...form.getInputProps('incidentId')}
        />
        <TextInput
          label="What makes it worth a look?"
          placeholder="It surprised us more than its size"
          maxLength={300}
          {...form.getInputProps('because')}
        />
      </CommandFormFrame>
    </Modal>
  );
}
