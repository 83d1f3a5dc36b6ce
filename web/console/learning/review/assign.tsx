/** Who owns a review and who leads its meeting. */
import { Button, Modal, Select } from '@mantine/core';
import { endpoints as learning, type Review } from '#contract/learning';
import { CommandFormFrame, useCommandForm } from '../../../kit/index.ts';
import { usePeople } from '../action/dialogs.tsx';

export function Assign({ review, onClose }: { review: Review; onClose: () => void }) {
  const people = usePeople();
  const { form, submit, pending, problem } = useCommandForm(learning.assignReview, {
    initialValues: {
      ownerId: review.owner?.id ?? (null as string | null),
      facilitatorId: review.facilitator?.id ?? (null as string | null),
    },
    input: ({ ownerId, facilitatorId }) => ({
      params: { id: review.id },
      body: { ...(ownerId ? { ownerId } : {}), facilitatorId },
    }),
    done: ({ owner }) => `The review belongs to ${owner?.name ?? 'nobody'}`,
    onDone: onClose,
  });
  return (
    <Modal opened onClose={onClose} title={`Review of ${review.incident.key}`}>
      <CommandFormFrame
        submit={submit as never}
        pending={pending}
        problem={problem}
        save="Save"
        secondary={
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        }
      >
        <Select
          label="Owner"
          description="Sees to it that the review is finished in time."
          searchable
          allowDeselect={false}
          data={people}
          {...form.getInputProps('ownerId')}
        />
        <Select
          label="Facilitator"
          description="Leads the conversation; best somebody who was not involved."
          searchable
          clearable
          data={people}
          {...form.getInputProps('facilitatorId')}
        />
      </CommandFormFrame>
    </Modal>
  );
}
