/** Changing an integration's name and service. */
import { Button, Select, TextInput } from '@mantine/core';
import { endpoints as catalog } from '#contract/catalog';
import { endpoints as signals } from '#contract/signals';
import { CommandFormFrame, useCommandForm, useQueryOf } from '../../kit/index.ts';

/** Name and service of an integration. */
export function EditForm({
  id,
  name,
  serviceId,
  onDone,
}: {
  id: string;
  name: string;
  serviceId: string | null;
  onDone: () => void;
}) {
  const services = useQueryOf(catalog.listServices, { query: { limit: 200 } });
  const { form, submit, pending, problem } = useCommandForm(signals.updateIntegration, {
    initialValues: { name, serviceId },
    input: (values) => ({ params: { id }, body: values }),
    done: 'Saved',
    onDone,
  });
  return (
    <CommandFormFrame
      submit={submit}
      pending={pending}
      problem={problem}
      save="Save"
      secondary={
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
      }
    >
      <TextInput label="Name" required maxLength={120} {...form.getInputProps('name')} />
      <Select
        label="Service"
        placeholder="None"
        data={
          services.data?.items.map((one) => ({
            value: one.id,
            label: one.name,
          })) ?? []
        }
        clearable
        searchable
        {...form.getInputProps('serviceId')}
      />
    </CommandFormFrame>
  );
}
