/** Adds a contact method: each channel of this installation describes its own field. */
import { Button, Modal, Select, TextInput } from '@mantine/core';
import { type ChannelStatus, endpoints as channels } from '#contract/channels';
import { type ContactMethod, endpoints as people } from '#contract/people';
import { CommandFormFrame, useCommandForm, useQueryOf } from '../../kit/index.ts';

export function AddMethod({
  onClose,
  onAdded,
}: {
  onClose: () => void;
  onAdded: (method: ContactMethod & { secret: string | null }) => void;
}) {
  const list = useQueryOf(channels.list);
  const { form, submit, pending, problem } = useCommandForm(people.addContactMethod, {
    initialValues: { kind: 'email', value: '', label: '' },
    input: (values) => ({ body: values }),
    done: 'Added. A code is on its way.',
    onDone: onAdded,
  });
  const kinds = (list.data?.items ?? []).filter(({ contact }) => contact !== null && contact.type !== 'browser');
  const field = kinds.find(({ name }) => name === form.values.kind)?.contact;
  return (
    <Modal opened onClose={onClose} title="Add a contact method">
      <CommandFormFrame
        submit={submit}
        pending={pending}
        problem={problem}
        save="Add and send a code"
        secondary={
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        }
      >
        <Select
          label="Kind"
          allowDeselect={false}
          data={kinds.map(({ name, label, ready, reason }) => ({
            value: name,
            label: isOpen(name, ready) ? label : `${label} (${reason})`,
            disabled: !isOpen(name, ready),
          }))}
          {...form.getInputProps('kind')}
        />
        <TextInput
          label={field?.label ?? 'Where'}
          type={field?.type ?? 'text'}
          placeholder={field?.placeholder}
          description={field?.help}
          data-autofocus
          {...form.getInputProps('value')}
        />
        <TextInput label="Name (optional)" placeholder="My phone" {...form.getInputProps('label')} />
      </CommandFormFrame>
    </Modal>
  );
}

/** A mail can wait for its server; a code by any other way would be lost. */
const isOpen = (name: ChannelStatus['name'], ready: boolean) => ready || name === 'email';
